using System.Buffers;
using System.Text;

namespace EdgeMl.Mcu.Mqtt.Packets;

/// <summary>Reads the fields of a packet's body one after another; too few bytes are a <see cref="MqttProtocolException"/>.</summary>
internal ref struct BodyReader(in MqttFrame frame)
{
    private readonly PacketType _type = frame.Type;
    private SequenceReader<byte> _reader = new(frame.Body);

    public readonly bool IsAtEnd => _reader.End;

    public byte ReadByte() => _reader.TryRead(out byte value) ? value : throw TooShort();

    public ushort ReadUInt16() => _reader.TryReadBigEndian(out short value) ? (ushort)value : throw TooShort();

    /// <summary>A packet identifier, which is never 0 (MQTT 3.1.1, 2.3.1).</summary>
    public ushort ReadPacketId()
    {
        ushort id = ReadUInt16();
        return id != 0 ? id : throw MqttProtocolException.Malformed($"{_type} has packet identifier 0.");
    }

    /// <summary>Bytes behind their length.</summary>
    public ReadOnlySequence<byte> ReadBinary()
    {
        ushort length = ReadUInt16();
        return _reader.TryReadExact(length, out ReadOnlySequence<byte> bytes) ? bytes : throw TooShort();
    }

    /// <summary>A string, checked and still in UTF-8.</summary>
    public ReadOnlySequence<byte> ReadUtf8()
    {
        ReadOnlySequence<byte> text = ReadBinary();
        return MqttText.IsValid(text) ? text : throw MqttProtocolException.Malformed($"A string of {_type} is not UTF-8, or has U+0000.");
    }

    public string ReadString() => Encoding.UTF8.GetString(ReadUtf8());

    /// <summary>All that is left.</summary>
    public ReadOnlySequence<byte> ReadRest()
    {
        ReadOnlySequence<byte> rest = _reader.UnreadSequence;
        _reader.AdvanceToEnd();
        return rest;
    }

    public readonly void ExpectEnd()
    {
        if (!_reader.End)
            throw MqttProtocolException.Malformed($"{_type} has {_reader.Remaining:N0} bytes too many.");
    }

    private readonly MqttProtocolException TooShort() => MqttProtocolException.Malformed($"{_type} ends within a field.");
}
