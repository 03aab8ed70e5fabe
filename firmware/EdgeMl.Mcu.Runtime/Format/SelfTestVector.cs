namespace EdgeMl.Mcu.Runtime.Format;

/// <summary>Inputs of the self-test: the low bytes of xorshift32 (13, 17, 5), all inputs from one stream.</summary>
public static class SelfTestVector
{
    /// <summary>Fills part of the arena and returns the seed to go on with. The seed is not 0.</summary>
    public static uint Fill(sbyte[] arena, int offset, int count, uint seed)
    {
        int end = offset + count;
        for (int i = offset; i < end; i++)
        {
            seed ^= seed << 13;
            seed ^= seed >> 17;
            seed ^= seed << 5;
            arena[i] = (sbyte)seed;
        }
        return seed;
    }
}
