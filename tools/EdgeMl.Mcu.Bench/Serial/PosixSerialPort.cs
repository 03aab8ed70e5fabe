using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using N = EdgeMl.Mcu.Bench.Serial.PosixNative;

namespace EdgeMl.Mcu.Bench.Serial;

/// <summary>A serial port by termios. Waiting is <c>poll</c> in slices, so that a closed port ends a reader soon.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class PosixSerialPort : SerialPort
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100);

    private readonly int _file;
    private readonly Lock _closing = new();
    private volatile bool _closed;

    private PosixSerialPort(string name, int file)
        : base(name) => _file = file;

    ~PosixSerialPort() => Dispose(false);

    internal static PosixSerialPort OpenPort(string name, int baudRate)
    {
        int file = N.Open(name, N.ReadWrite | N.NoControllingTerminal | N.NonBlocking | N.CloseOnExec);
        if (file < 0)
            throw CannotOpen(name, Marshal.GetLastPInvokeError());
        var port = new PosixSerialPort(name, file);
        try
        {
            port.TakeAlone();
            port.Configure(baudRate);
            return port;
        }
        catch
        {
            port.Dispose();
            throw;
        }
    }

    /// <summary>A port on a file that is open already and belongs to the port from now on.</summary>
    internal static PosixSerialPort OfFile(string name, int file) => new(name, file);

    public override unsafe int Read(Span<byte> buffer, TimeSpan timeout)
    {
        if (!Wait(N.PollIn, timeout))
            return 0;
        fixed (byte* start = buffer)
        {
            nint count = N.Read(_file, start, (nuint)buffer.Length);
            if (count > 0)
                return (int)count;
            int error = count < 0 ? Marshal.GetLastPInvokeError() : 0;
            return count < 0 && (error == N.TryAgain || error == N.Interrupted) ? 0 : throw Disconnected("was closed by the other end");
        }
    }

    public override unsafe void Write(ReadOnlySpan<byte> data, TimeSpan timeout)
    {
        while (data.Length > 0)
        {
            if (!Wait(N.PollOut, timeout))
                throw Disconnected($"took nothing for {timeout.TotalSeconds:0.#} s");
            nint count;
            fixed (byte* start = data)
                count = N.Write(_file, start, (nuint)data.Length);
            if (count < 0 && Marshal.GetLastPInvokeError() is int error && error != N.TryAgain && error != N.Interrupted)
                throw Disconnected($"cannot be written to (error {error})");
            data = data[(int)Math.Max(count, 0)..];
        }
    }

    public override void DiscardInput() => _ = N.Flush(_file, N.InputQueue);

    public override unsafe bool TryChangeBaudRate(int baudRate)
    {
        byte* termios = stackalloc byte[N.TermiosBytes];
        nuint speed = N.SpeedOf(baudRate);
        if (speed == 0 || N.GetAttributes(_file, termios) != 0)
            return false;
        N.MakeRaw(termios);
        uint* control = (uint*)(termios + N.ControlFlagsOffset);
        *control = (*control | N.LocalAndReceive) & ~N.TwoStopBitsAndFlowControl;
        return N.SetSpeed(termios, speed) == 0 && N.SetAttributes(_file, N.SetNow, termios) == 0;
    }

    public override bool TrySetLines(bool dataTerminalReady, bool requestToSend)
    {
        int set = (dataTerminalReady ? N.ModemDtr : 0) | (requestToSend ? N.ModemRts : 0);
        int clear = (N.ModemDtr | N.ModemRts) & ~set;
        return N.Control(_file, N.SetModemLines, ref set) == 0 && N.Control(_file, N.ClearModemLines, ref clear) == 0;
    }

    protected override void Dispose(bool disposing)
    {
        lock (_closing)
        {
            if (_closed)
                return;
            _closed = true;
            // The exclusion outlives this file where another one holds the terminal open.
            int none = 0;
            _ = N.Control(_file, N.ClearExclusive, ref none);
            _ = N.Close(_file);
        }
    }

    // TIOCEXCL keeps out every program but those of root, the advisory lock those that ask.
    private void TakeAlone()
    {
        if (N.Lock(_file, N.LockExclusiveNow) != 0 && Marshal.GetLastPInvokeError() == N.TryAgain)
            throw Busy(Name);
        int none = 0;
        _ = N.Control(_file, N.SetExclusive, ref none);
    }

    private unsafe void Configure(int baudRate)
    {
        byte* termios = stackalloc byte[N.TermiosBytes];
        if (N.GetAttributes(_file, termios) != 0)
            throw new BenchException(BenchErrorCodes.PortUnsuitable, $"{Name} is no serial port.", "'edgeml ports' lists the serial ports of this machine.");
        if (!TryChangeBaudRate(baudRate))
            throw new BenchException(BenchErrorCodes.PortUnsuitable, $"{Name} does not take {baudRate} baud.", "Usual rates are 115200, 921600 and 1500000.");
    }

    private bool Wait(short events, TimeSpan timeout)
    {
        long begin = Stopwatch.GetTimestamp();
        while (true)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            TimeSpan left = timeout - Stopwatch.GetElapsedTime(begin);
            var file = new N.PollFile { File = _file, Events = events };
            int ready = N.Poll(ref file, 1, (int)Math.Clamp(left.TotalMilliseconds, 0, Slice.TotalMilliseconds));
            if (ready < 0 && Marshal.GetLastPInvokeError() != N.Interrupted)
                throw Disconnected($"cannot be waited for (error {Marshal.GetLastPInvokeError()})");
            if (ready > 0 && (file.Returned & events) != 0)
                return true;
            if (ready > 0 && (file.Returned & N.PollBroken) != 0)
                throw Disconnected("is gone");
            if (left <= TimeSpan.Zero)
                return false;
        }
    }

    private static BenchException CannotOpen(string name, int error) => error switch
    {
        N.NoEntry or N.NoDevice or N.NoSuchDevice => new(BenchErrorCodes.PortNotFound, $"There is no port {name}.", "'edgeml ports' lists the serial ports of this machine."),
        N.AccessDenied => new(BenchErrorCodes.PortDenied, $"You may not open {name}.", "On Linux add yourself to the group of the device file: sudo usermod -aG dialout $USER, then log in again."),
        N.Busy => Busy(name),
        _ => new(BenchErrorCodes.PortUnsuitable, $"{name} does not open (error {error}).", "'edgeml ports' lists the serial ports of this machine."),
    };

    private static BenchException Busy(string name) => new(
        BenchErrorCodes.PortBusy, $"Another program has {name} open.", "Close the terminal program, the debugger or the other 'edgeml' that uses it.");
}
