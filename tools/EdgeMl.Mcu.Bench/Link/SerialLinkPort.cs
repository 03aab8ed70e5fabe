using EdgeMl.Mcu.Bench.Serial;
using EdgeMl.Mcu.Link.Ports;

namespace EdgeMl.Mcu.Bench.Link;

/// <summary>A serial port as the link's port. Unlike a device's it throws <see cref="BenchException"/> where the port is gone.</summary>
/// <param name="port">The serial port; not closed here.</param>
internal sealed class SerialLinkPort(SerialPort port) : LinkPort
{
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long reading waits for the first byte.</summary>
    public TimeSpan Wait { get; set; }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => port.Read(buffer.AsSpan(offset, count), Wait);

    /// <inheritdoc/>
    public override bool Write(byte[] buffer, int offset, int count)
    {
        port.Write(buffer.AsSpan(offset, count), WriteTimeout);
        return true;
    }
}
