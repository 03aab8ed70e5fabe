namespace EdgeMl.Mcu.Samples.VibrationAnomaly;

/// <summary>Sines of whole 256ths of a turn in Q15.</summary>
public static class SineTable
{
    /// <summary>Steps of a turn.</summary>
    public const int Length = 256;

    // round(32767 sin(2 pi n / 256)) for the first quarter.
    private static readonly short[] Quarter =
    {
        0, 804, 1608, 2410, 3212, 4011, 4808, 5602, 6393, 7179, 7962, 8739, 9512,
        10278, 11039, 11793, 12539, 13279, 14010, 14732, 15446, 16151, 16846, 17530, 18204, 18868,
        19519, 20159, 20787, 21403, 22005, 22594, 23170, 23731, 24279, 24811, 25329, 25832, 26319,
        26790, 27245, 27683, 28105, 28510, 28898, 29268, 29621, 29956, 30273, 30571, 30852, 31113,
        31356, 31580, 31785, 31971, 32137, 32285, 32412, 32521, 32609, 32678, 32728, 32757, 32767,
    };

    /// <summary>A turn and a quarter of sines: the cosine of step n lies at n + 64.</summary>
    public static short[] Create()
    {
        var sines = new short[Length + (Length / 4)];
        for (int n = 0; n < sines.Length; n++)
        {
            int step = n & (Length - 1);
            int mirrored = step & ((Length / 2) - 1);
            short sine = Quarter[mirrored <= Length / 4 ? mirrored : (Length / 2) - mirrored];
            sines[n] = step < Length / 2 ? sine : (short)-sine;
        }
        return sines;
    }
}
