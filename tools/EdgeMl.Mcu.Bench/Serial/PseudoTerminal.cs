using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using N = EdgeMl.Mcu.Bench.Serial.PosixNative;

namespace EdgeMl.Mcu.Bench.Serial;

/// <summary>
/// A serial line inside this machine: one end is <see cref="Port"/>, the other one a device file that any program may open, close and open again as a serial port. Linux and macOS.
/// </summary>
public sealed class PseudoTerminal : IDisposable
{
    private static readonly Lock Naming = new();

    private readonly string? _link;
    private readonly int _held;
    private bool _closed;

    private PseudoTerminal(SerialPort port, int held, string device, string? link)
    {
        Port = port;
        _held = held;
        _link = link;
        Name = link ?? device;
    }

    /// <summary>This program's end. Nothing is lost while nobody has the other end open, up to a few KiB; then writing waits.</summary>
    public SerialPort Port { get; }

    /// <summary>Name of the other end, for <see cref="SerialPort.Open"/>: a device file, or the link that was asked for.</summary>
    public string Name { get; }

    /// <summary>Makes a line.</summary>
    /// <param name="link">Where to put a symbolic link to the device file, so that its name is known and stays; one that is there is replaced. Null for none.</param>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.PortUnsuitable"/>: the system has none.</exception>
    public static PseudoTerminal Open(string? link = null)
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
            return OpenPosix(link);
        throw new BenchException(BenchErrorCodes.PortUnsuitable, "This system has no pseudo terminals.", "Virtual boards run on Linux and macOS; on Windows use WSL, or a real board.");
    }

    /// <summary>Unplugs both ends.</summary>
    public void Dispose()
    {
        if (_closed)
            return;
        _closed = true;
        // Another line may have taken the name meanwhile.
        if (_link is not null && new FileInfo(_link).LinkTarget == Port.Name)
            File.Delete(_link);
        Port.Dispose();
        _ = N.Close(_held);
    }

    [UnsupportedOSPlatform("windows")]
    private static PseudoTerminal OpenPosix(string? link)
    {
        int master = N.OpenMaster(N.MasterFlags);
        if (master < 0 || N.GrantSlave(master) != 0 || N.UnlockSlave(master) != 0)
            throw CannotMake(master);
        string device;
        lock (Naming)
            device = Marshal.PtrToStringUTF8(N.NameOfSlave(master)) ?? throw CannotMake(master);
        // One who has the device file open all the time: without it the end of the last one is an error at the master.
        int held = N.Open(device, N.ReadWrite | N.NoControllingTerminal | N.CloseOnExec);
        if (held < 0)
            throw CannotMake(master);
        SetRaw(held);
        if (link is not null)
        {
            File.Delete(link);
            File.CreateSymbolicLink(link, device);
        }
        return new PseudoTerminal(PosixSerialPort.OfFile(device, master), held, device, link);
    }

    [UnsupportedOSPlatform("windows")]
    private static unsafe void SetRaw(int file)
    {
        byte* termios = stackalloc byte[N.TermiosBytes];
        _ = N.GetAttributes(file, termios);
        N.MakeRaw(termios);
        _ = N.SetAttributes(file, N.SetNow, termios);
    }

    private static BenchException CannotMake(int master)
    {
        int error = Marshal.GetLastPInvokeError();
        if (master >= 0)
            _ = N.Close(master);
        return new BenchException(BenchErrorCodes.PortUnsuitable, $"The system gives no pseudo terminal (error {error}).", "There may be too many open: close other virtual boards.");
    }
}
