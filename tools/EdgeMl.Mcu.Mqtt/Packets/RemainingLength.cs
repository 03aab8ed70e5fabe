namespace EdgeMl.Mcu.Mqtt.Packets;

/// <summary>The length of a packet's body: 7 bits a byte, least significant first, 1 to 4 bytes (MQTT 3.1.1, 2.2.3).</summary>
internal static class RemainingLength
{
    /// <summary>The largest value, 2^28 - 1.</summary>
    public const int Max = 268_435_455;

    private const int BytesMax = 4;

    /// <summary>Reads a length.</summary>
    /// <param name="source">The bytes that are there; may end within the length.</param>
    /// <param name="value">The length.</param>
    /// <param name="count">How many bytes it takes.</param>
    /// <returns>False if more bytes are needed.</returns>
    /// <exception cref="MqttProtocolException">The length does not end after four bytes.</exception>
    public static bool TryRead(ReadOnlySpan<byte> source, out int value, out int count)
    {
        value = 0;
        for (count = 0; count < Math.Min(source.Length, BytesMax);)
        {
            byte next = source[count];
            value |= (next & 0x7F) << (7 * count);
            count++;
            if ((next & 0x80) == 0)
                return true;
        }
        return count < BytesMax ? false : throw MqttProtocolException.Malformed("The remaining length has more than 4 bytes.");
    }

    /// <summary>How many bytes a length takes.</summary>
    public static int SizeOf(int value) => value switch
    {
        < 1 << 7 => 1,
        < 1 << 14 => 2,
        < 1 << 21 => 3,
        _ => 4,
    };

    /// <summary>Writes a length and tells how many bytes it took.</summary>
    public static int Write(Span<byte> target, int value)
    {
        int count = 0;
        do
        {
            byte next = (byte)(value & 0x7F);
            value >>= 7;
            target[count++] = (byte)(value > 0 ? next | 0x80 : next);
        }
        while (value > 0);
        return count;
    }
}
