using System.Buffers;
using System.Buffers.Binary;

namespace EdgeMl.Mcu.Mqtt.Packets;

/// <summary>Writes a packet of known length: the fixed header, then fields one after another, then <see cref="Complete"/>.</summary>
internal ref struct BodyWriter
{
    private readonly IBufferWriter<byte> _output;
    private readonly Span<byte> _span;
    private int _position;

    /// <summary>Begins a packet.</summary>
    /// <param name="output">Where the packet goes.</param>
    /// <param name="type">Its type.</param>
    /// <param name="flags">The lower four bits of the first byte.</param>
    /// <param name="bodyBytes">Length of the whole body.</param>
    /// <param name="trailingBytes">The part of the body, at its end, that the caller writes by itself after <see cref="Complete"/>.</param>
    public BodyWriter(IBufferWriter<byte> output, PacketType type, int flags, int bodyBytes, int trailingBytes = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bodyBytes, RemainingLength.Max);
        _output = output;
        _span = output.GetSpan(1 + RemainingLength.SizeOf(bodyBytes) + bodyBytes - trailingBytes);
        _span[0] = (byte)(((int)type << 4) | flags);
        _position = 1 + RemainingLength.Write(_span[1..], bodyBytes);
    }

    public void WriteByte(byte value) => _span[_position++] = value;

    public void WriteUInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_span[_position..], value);
        _position += 2;
    }

    /// <summary>Bytes behind their length.</summary>
    public void WriteBinary(ReadOnlySpan<byte> bytes)
    {
        WriteUInt16(checked((ushort)bytes.Length));
        WriteBytes(bytes);
    }

    public void WriteString(string text)
    {
        int bytes = MqttText.Write(_span[(_position + 2)..], text);
        WriteUInt16(checked((ushort)bytes));
        _position += bytes;
    }

    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_span[_position..]);
        _position += bytes.Length;
    }

    public readonly void Complete() => _output.Advance(_position);
}
