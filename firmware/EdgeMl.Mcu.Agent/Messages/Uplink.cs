using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Ports;

namespace EdgeMl.Mcu.Agent.Messages;

/// <summary>Composes uplink messages in a work buffer that is shared with others between messages, seals and sends them.</summary>
public sealed class Uplink
{
    private readonly DeviceLink _link;
    private readonly Envelope _envelope;
    private readonly byte[] _buffer;

    /// <summary>Creates an uplink.</summary>
    /// <param name="link">Where messages go.</param>
    /// <param name="envelope">Seals them.</param>
    /// <param name="buffer">Work buffer.</param>
    /// <param name="capacity">Bytes of it, from its start, that a message may take.</param>
    public Uplink(DeviceLink link, Envelope envelope, byte[] buffer, int capacity)
    {
        _link = link;
        _envelope = envelope;
        _buffer = buffer;
        BodyBytesMax = capacity - Envelope.HeadBytesMax - Envelope.TailBytes;
    }

    /// <summary>Longest body in bytes.</summary>
    public int BodyBytesMax { get; }

    /// <summary>Writes the body of the message that was begun.</summary>
    public CborWriter Writer { get; } = new CborWriter();

    /// <summary>Begins a message.</summary>
    /// <returns><see cref="Writer"/>, ready for the body.</returns>
    public CborWriter Begin()
    {
        Writer.Reset(_buffer, Envelope.HeadBytesMax, BodyBytesMax);
        return Writer;
    }

    /// <summary>Sends what was written as an envelope.</summary>
    /// <returns>False where it did not fit or was not sent.</returns>
    public bool Send(string topic, int quality)
    {
        if (Writer.Failed)
            return false;
        _envelope.Seal(topic, _buffer, Envelope.HeadBytesMax, Writer.Length);
        return _link.Publish(topic, _buffer, _envelope.Offset, _envelope.Length, quality);
    }

    /// <summary>Sends what was written as it is.</summary>
    /// <returns>False where it did not fit or was not sent.</returns>
    public bool SendPlain(string topic, int quality)
    {
        return !Writer.Failed && _link.Publish(topic, _buffer, Envelope.HeadBytesMax, Writer.Length, quality);
    }
}
