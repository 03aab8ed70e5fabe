namespace EdgeMl.Mcu.Bench.WireProtocol;

/// <summary>CRC-32 of the Wire Protocol: polynomial 04C11DB7, most significant bit first, no inversion at the begin or the end.</summary>
public static class WireCrc32
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(EntryOf)];

    /// <summary>Goes on with a CRC.</summary>
    /// <param name="data">Next bytes.</param>
    /// <param name="crc">CRC of what came before, 0 at the begin.</param>
    public static uint Compute(ReadOnlySpan<byte> data, uint crc = 0)
    {
        foreach (byte value in data)
            crc = Table[(byte)(crc >> 24) ^ value] ^ (crc << 8);
        return crc;
    }

    private static uint EntryOf(int index)
    {
        uint value = (uint)index << 24;
        for (int bit = 0; bit < 8; bit++)
            value = (value & 0x80000000) != 0 ? (value << 1) ^ 0x04C11DB7 : value << 1;
        return value;
    }
}
