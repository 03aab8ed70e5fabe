using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using N = EdgeMl.Mcu.Bench.Serial.WindowsNative;

namespace EdgeMl.Mcu.Bench.Serial;

/// <summary>A serial port of Windows. Overlapped, because a port opened otherwise lets nobody write while somebody reads.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsSerialPort : SerialPort
{
    private readonly SafeFileHandle _file;
    private readonly ManualResetEvent _readDone = new(false);
    private readonly ManualResetEvent _writeDone = new(false);

    private WindowsSerialPort(string name, SafeFileHandle file)
        : base(name) => _file = file;

    internal static WindowsSerialPort OpenPort(string name, int baudRate)
    {
        SafeFileHandle file = N.CreateFile(@"\\.\" + name, N.GenericReadWrite, 0, 0, N.OpenExisting, N.Overlapped, 0);
        if (file.IsInvalid)
            throw CannotOpen(name, Marshal.GetLastPInvokeError());
        var port = new WindowsSerialPort(name, file);
        var control = new N.DeviceControl { Length = Marshal.SizeOf<N.DeviceControl>() };
        bool isPort = N.GetCommState(file, ref control);
        // Reads end with the first bytes; the wait is this program's.
        var timeouts = new N.Timeouts { ReadInterval = -1, ReadMultiplier = -1, ReadConstant = int.MaxValue - 1 };
        if (isPort && port.TryChangeBaudRate(baudRate) && N.SetCommTimeouts(file, ref timeouts))
            return port;
        port.Dispose();
        throw isPort
            ? new BenchException(BenchErrorCodes.PortUnsuitable, $"{name} does not take {baudRate} baud.", "Usual rates are 115200, 921600 and 1500000.")
            : new BenchException(BenchErrorCodes.PortUnsuitable, $"{name} is no serial port.", "'edgeml ports' lists the serial ports of this machine.");
    }

    public override unsafe int Read(Span<byte> buffer, TimeSpan timeout)
    {
        fixed (byte* start = buffer)
            return Transfer(start, buffer.Length, timeout, _readDone, write: false);
    }

    public override unsafe void Write(ReadOnlySpan<byte> data, TimeSpan timeout)
    {
        while (data.Length > 0)
        {
            fixed (byte* start = data)
            {
                int count = Transfer(start, data.Length, timeout, _writeDone, write: true);
                if (count == 0)
                    throw Disconnected($"took nothing for {timeout.TotalSeconds:0.#} s");
                data = data[count..];
            }
        }
    }

    public override void DiscardInput() => _ = N.PurgeComm(_file, N.PurgeInput);

    public override bool TryChangeBaudRate(int baudRate)
    {
        var control = new N.DeviceControl { Length = Marshal.SizeOf<N.DeviceControl>() };
        if (!N.GetCommState(_file, ref control))
            return false;
        control.BaudRate = baudRate;
        control.Flags = N.Binary | N.DtrEnabled | N.RtsEnabled;
        control.ByteSize = 8;
        control.Parity = 0;
        control.StopBits = 0;
        return N.SetCommState(_file, ref control);
    }

    public override bool TrySetLines(bool dataTerminalReady, bool requestToSend) =>
        N.EscapeCommFunction(_file, dataTerminalReady ? N.SetDtr : N.ClearDtr) && N.EscapeCommFunction(_file, requestToSend ? N.SetRts : N.ClearRts);

    protected override unsafe void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _ = N.CancelIoEx(_file, null);
        _file.Dispose();
    }

    private unsafe int Transfer(byte* buffer, int length, TimeSpan timeout, ManualResetEvent done, bool write)
    {
        ObjectDisposedException.ThrowIf(_file.IsClosed, this);
        done.Reset();
        NativeOverlapped overlapped = default;
        overlapped.EventHandle = done.SafeWaitHandle.DangerousGetHandle();
        bool begun = write ? N.WriteFile(_file, buffer, length, null, &overlapped) : N.ReadFile(_file, buffer, length, null, &overlapped);
        if (!begun && Marshal.GetLastPInvokeError() is int error && error != N.Pending)
            throw Disconnected($"is gone (error {error})");
        // The buffer stays pinned until the system has let go of it, so a transfer that is given up is waited for too.
        if (!done.WaitOne(timeout))
            _ = N.CancelIoEx(_file, &overlapped);
        if (N.GetOverlappedResult(_file, &overlapped, out int count, wait: true) || Marshal.GetLastPInvokeError() == N.Aborted)
            return count;
        throw Disconnected($"is gone (error {Marshal.GetLastPInvokeError()})");
    }

    private static BenchException CannotOpen(string name, int error) => error == N.AccessDenied
        ? new(BenchErrorCodes.PortBusy, $"Another program has {name} open.", "Close the terminal program, the debugger or the other 'edgeml' that uses it.")
        : new(BenchErrorCodes.PortNotFound, $"There is no port {name} (error {error}).", "'edgeml ports' lists the serial ports of this machine.");
}
