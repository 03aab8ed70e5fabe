namespace EdgeMl.Mcu.Link.Ports;

/// <summary>The port to a serial line: a UART, or USB-CDC. No member throws.</summary>
public abstract class LinkPort
{
    /// <summary>Takes bytes that have arrived, without waiting for any.</summary>
    /// <param name="buffer">Where they go.</param>
    /// <param name="offset">First place.</param>
    /// <param name="count">Most bytes, 0 or more.</param>
    /// <returns>Number of bytes; 0 where none have come or the line is broken.</returns>
    public abstract int Read(byte[] buffer, int offset, int count);

    /// <summary>Sends bytes. May wait until the line has taken them, but not for ever.</summary>
    /// <param name="buffer">Where they are.</param>
    /// <param name="offset">The first.</param>
    /// <param name="count">Number of bytes, 1 or more.</param>
    /// <returns>False where not all were sent.</returns>
    public abstract bool Write(byte[] buffer, int offset, int count);
}
