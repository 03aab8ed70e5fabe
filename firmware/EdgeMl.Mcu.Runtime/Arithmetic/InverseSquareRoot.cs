namespace EdgeMl.Mcu.Runtime.Arithmetic;

/// <summary>1 / sqrt(value) as a multiplier for <see cref="FixedPoint.MultiplyByQuantizedMultiplier"/>, as the TensorFlow Lite reference computes it.</summary>
/// <remarks>
/// The value is brought to r * 4^e with r in [1/4, 1) and 1 / sqrt(r) found by five Newton-Raphson steps <c>x += x / 2 - r * x^3 / 2</c> from 1 in Q3.28.
/// 0 counts as 1.
/// </remarks>
public static class InverseSquareRoot
{
    /// <summary>sqrt(1/2) in Q0.31.</summary>
    private const int RootOfHalf = 1518500250;

    /// <summary>1 in Q3.28.</summary>
    private const int OneQ3 = 1 << 28;

    /// <summary>Right shift that belongs to a normalised value, before pairs of bits are moved.</summary>
    private const int NormalisedShift = 11;

    /// <summary>Q0.31 multiplier for a non-negative value.</summary>
    public static int Multiplier(int value)
    {
        if (value <= 1)
            return int.MaxValue;
        int pairs = Pairs(value);
        int half = FixedPoint.RoundingDivideByPowerOfTwo((pairs < 0 ? value / 4 : value << (2 * pairs)) >> 1, 1);
        int x = OneQ3;
        for (int i = 0; i < 5; i++)
        {
            int cube = FixedPoint.SaturatingShiftLeft(Multiply(Multiply(x, x), x), 6);
            x = FixedPoint.SaturatingShiftLeft(Multiply(OneQ3 + (OneQ3 >> 1), x) - Multiply(half, cube), 3);
        }
        x = Multiply(x, RootOfHalf);
        int rightShift = NormalisedShift - pairs;
        return rightShift < 0 ? x << -rightShift : x;
    }

    /// <summary>Shift for a non-negative value, -12 to 0: it shifts right.</summary>
    public static int Shift(int value)
    {
        if (value <= 1)
            return 0;
        int rightShift = NormalisedShift - Pairs(value);
        return rightShift < 0 ? 0 : -rightShift;
    }

    /// <summary>Pairs of bits that a value of at least 2 is shifted left by to lie in [2^27, 2^29).</summary>
    private static int Pairs(int value)
    {
        return value >= 1 << 29 ? -1 : ((FixedPoint.CountLeadingZeros(value) - 1) / 2) - 1;
    }

    private static int Multiply(int a, int b)
    {
        return FixedPoint.SaturatingRoundingDoublingHighMul(a, b);
    }
}
