using System.Buffers;

namespace EdgeMl.Mcu.Mqtt.Packets;

/// <summary>One control packet as it came in: the fixed header, checked, and the body, not yet read.</summary>
/// <remarks>The body is a slice of the buffer that it was read from and lives as long as that.</remarks>
internal readonly struct MqttFrame
{
    private const int HeaderBytesMax = 5;

    private MqttFrame(PacketType type, byte flags, ReadOnlySequence<byte> body)
    {
        Type = type;
        Flags = flags;
        Body = body;
    }

    public PacketType Type { get; }

    /// <summary>The lower four bits of the first byte.</summary>
    public byte Flags { get; }

    /// <summary>Variable header and payload.</summary>
    public ReadOnlySequence<byte> Body { get; }

    /// <summary>Takes the first packet from a buffer.</summary>
    /// <param name="buffer">What was received; starts behind the packet afterwards, or is unchanged.</param>
    /// <param name="packetBytesMax">How long a packet may be, fixed header included.</param>
    /// <param name="frame">The packet.</param>
    /// <returns>False if the packet is not complete yet.</returns>
    /// <exception cref="MqttProtocolException">Type, flags or length are not allowed; known as soon as the fixed header is there.</exception>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, int packetBytesMax, out MqttFrame frame)
    {
        frame = default;
        Span<byte> header = stackalloc byte[HeaderBytesMax];
        header = header[..(int)Math.Min(HeaderBytesMax, buffer.Length)];
        if (header.IsEmpty)
            return false;
        buffer.Slice(0, header.Length).CopyTo(header);

        var type = (PacketType)(header[0] >> 4);
        byte flags = (byte)(header[0] & 0x0F);
        CheckFlags(type, flags);
        if (!RemainingLength.TryRead(header[1..], out int bodyBytes, out int lengthBytes))
            return false;
        CheckLength(type, bodyBytes);
        long packetBytes = 1L + lengthBytes + bodyBytes;
        if (packetBytes > packetBytesMax)
            throw new MqttProtocolException(MqttErrorCodes.PacketTooLarge, $"A packet has {packetBytes:N0} bytes; the limit is {packetBytesMax:N0}.");
        if (buffer.Length < packetBytes)
            return false;

        frame = new MqttFrame(type, flags, buffer.Slice(1 + lengthBytes, bodyBytes));
        buffer = buffer.Slice(packetBytes);
        return true;
    }

    // MQTT 3.1.1, table 2.2 and 3.3.1.
    private static void CheckFlags(PacketType type, byte flags)
    {
        bool isAllowed = type switch
        {
            PacketType.Publish => (flags & 0x06) != 0x06 && (flags & 0x0E) != 0x08,
            PacketType.Pubrel or PacketType.Subscribe or PacketType.Unsubscribe => flags == 0x02,
            >= PacketType.Connect and <= PacketType.Disconnect => flags == 0,
            _ => false,
        };
        if (!isAllowed)
            throw MqttProtocolException.Malformed($"A packet starts with 0x{((int)type << 4) | flags:X2}, which is reserved.");
    }

    private static void CheckLength(PacketType type, int bodyBytes)
    {
        int? expected = type switch
        {
            PacketType.Connack or PacketType.Puback or PacketType.Pubrec or PacketType.Pubrel or PacketType.Pubcomp or PacketType.Unsuback => 2,
            PacketType.Pingreq or PacketType.Pingresp or PacketType.Disconnect => 0,
            _ => null,
        };
        if (expected is { } bytes && bodyBytes != bytes)
            throw MqttProtocolException.Malformed($"The body of {type} has {bodyBytes:N0} bytes instead of {bytes}.");
    }
}
