using EdgeMl.Mcu.Bench.Serial;
using EdgeMl.Mcu.Link.Ports;

namespace EdgeMl.Mcu.Bench.Devices;

/// <summary>The device's end of a serial line. As on a UART, nobody notices at this end whether someone listens: what is not taken in time is lost.</summary>
/// <param name="port">The serial port; not closed here.</param>
public sealed class VirtualLinkPort(SerialPort port) : LinkPort
{
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>How long reading waits for the first byte, so that a thread that serves a link need not poll. Zero by default.</summary>
    public TimeSpan Wait { get; set; }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            return port.Read(buffer.AsSpan(offset, count), Wait);
        }
        catch (Exception e) when (e is BenchException or ObjectDisposedException)
        {
            return 0;
        }
    }

    /// <inheritdoc/>
    public override bool Write(byte[] buffer, int offset, int count)
    {
        try
        {
            port.Write(buffer.AsSpan(offset, count), WriteTimeout);
            return true;
        }
        catch (Exception e) when (e is BenchException or ObjectDisposedException)
        {
            return false;
        }
    }
}
