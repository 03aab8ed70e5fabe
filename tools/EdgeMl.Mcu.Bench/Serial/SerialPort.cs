namespace EdgeMl.Mcu.Bench.Serial;

/// <summary>A serial port, opened for this program alone: 8 data bits, no parity, one stop bit, no flow control. One thread may read while another writes.</summary>
public abstract class SerialPort : IDisposable
{
    /// <summary>Baud rate of most USB bridges after a reset, and of an ESP32's boot messages.</summary>
    public const int DefaultBaudRate = 115200;

    private protected SerialPort(string name) => Name = name;

    /// <summary>The name that it was opened by: <c>/dev/ttyUSB0</c>, <c>/dev/cu.usbserial-1</c>, <c>COM3</c>.</summary>
    public string Name { get; }

    /// <summary>Opens a port.</summary>
    /// <param name="name">Device file, or <c>COMn</c> on Windows.</param>
    /// <param name="baudRate">Bits per second; ports without a clock (USB-CDC, pty) ignore it.</param>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.PortNotFound"/>, <see cref="BenchErrorCodes.PortBusy"/>, <see cref="BenchErrorCodes.PortDenied"/> or <see cref="BenchErrorCodes.PortUnsuitable"/>.</exception>
    public static SerialPort Open(string name, int baudRate = DefaultBaudRate)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(baudRate);
        if (OperatingSystem.IsWindows())
            return WindowsSerialPort.OpenPort(name, baudRate);
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
            return PosixSerialPort.OpenPort(name, baudRate);
        throw new PlatformNotSupportedException("Serial ports are there on Linux, macOS and Windows.");
    }

    /// <summary>Reads what has arrived, waiting for the first byte.</summary>
    /// <param name="buffer">Where the bytes go; not empty.</param>
    /// <param name="timeout">How long to wait for the first byte; zero looks only.</param>
    /// <returns>Number of bytes, 0 when none came in time.</returns>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.PortDisconnected"/>.</exception>
    public abstract int Read(Span<byte> buffer, TimeSpan timeout);

    /// <summary>Writes all bytes, waiting while the port takes none.</summary>
    /// <param name="data">What to write.</param>
    /// <param name="timeout">The longest wait without progress.</param>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.PortDisconnected"/>, also where the other end takes nothing for so long.</exception>
    public abstract void Write(ReadOnlySpan<byte> data, TimeSpan timeout);

    /// <summary>Drops what has arrived and was not read.</summary>
    public abstract void DiscardInput();

    /// <summary>Changes the rate without closing the port, which would reset many boards.</summary>
    /// <returns>False where the port does not take it; the old rate stays.</returns>
    public abstract bool TryChangeBaudRate(int baudRate);

    /// <summary>Sets the two modem lines, with which many boards are reset or put into their loader.</summary>
    /// <returns>False where the port has no such lines, as a pty.</returns>
    public abstract bool TrySetLines(bool dataTerminalReady, bool requestToSend);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the port.</summary>
    protected abstract void Dispose(bool disposing);

    private protected BenchException Disconnected(string what) => new(
        BenchErrorCodes.PortDisconnected, $"{Name} {what}.", "Check the cable, then look with 'edgeml ports' under which name the board came back.");
}
