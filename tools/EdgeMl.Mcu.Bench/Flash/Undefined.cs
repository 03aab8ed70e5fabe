namespace EdgeMl.Mcu.Bench.Flash;

/// <summary>Bytes that mean nothing, the same ones in each run.</summary>
internal static class Undefined
{
    public static void Fill(Span<byte> range, int seed)
    {
        uint state = ((uint)seed * 2654435761) + 0x9E3779B9;
        foreach (ref byte value in range)
        {
            state = (state * 1664525) + 1013904223;
            value = (byte)(state >> 24);
        }
    }
}
