namespace EdgeMl.Mcu.Runtime.Arithmetic;

/// <summary>
/// The fixed-point functions of gemmlowp that the TensorFlow Lite reference kernels compute with. Q<i>m</i>.<i>n</i> is an int32
/// with <i>m</i> integer and <i>n</i> fractional bits, <i>m</i> + <i>n</i> = 31.
/// </summary>
public static class FixedPoint
{
    /// <summary>1 in Q0.31, as near as it goes.</summary>
    public const int OneQ0 = int.MaxValue;

    /// <summary>1 in Q2.29.</summary>
    public const int OneQ2 = 1 << 29;

    /// <summary>
    /// <c>value * multiplier * 2^shift</c>, rounded twice: to the nearest after the multiplication with the Q0.31 multiplier, then half away from zero after the right shift.
    /// </summary>
    /// <param name="value">Accumulator.</param>
    /// <param name="multiplier">Non-negative Q0.31.</param>
    /// <param name="shift">-31 to 30; positive shifts left, before the multiplication, dropping what leaves 32 bits.</param>
    public static int MultiplyByQuantizedMultiplier(int value, int multiplier, int shift)
    {
        if (shift >= 0)
            return (int)((((long)(value << shift) * multiplier) + 0x40000000) >> 31);
        long high = (((long)value * multiplier) + 0x40000000) >> 31;
        return (int)((high + (1L << (-shift - 1)) + (high >> 63)) >> -shift);
    }

    /// <summary>
    /// <c>value * multiplier * 2^shift</c>, rounded half up, for 64-bit accumulators of int16 layers.
    /// </summary>
    /// <param name="value">Accumulator of at most 48 bits.</param>
    /// <param name="multiplier">Non-negative Q0.15.</param>
    /// <param name="shift">-31 to 14; positive shifts left.</param>
    public static int MultiplyByReducedMultiplier(long value, int multiplier, int shift)
    {
        int right = 15 - shift;
        return (int)(((value * multiplier) + (1L << (right - 1))) >> right);
    }

    /// <summary>High half of twice the product, rounded to nearest; saturates only for two int.MinValue.</summary>
    public static int SaturatingRoundingDoublingHighMul(int a, int b)
    {
        if (a == b && a == int.MinValue)
            return int.MaxValue;
        return (int)((((long)a * b) + 0x40000000) >> 31);
    }

    /// <summary><c>value / 2^exponent</c>, half away from zero; exponent 0 to 31.</summary>
    public static int RoundingDivideByPowerOfTwo(int value, int exponent)
    {
        if (exponent == 0)
            return value;
        long wide = value;
        return (int)((wide + (1L << (exponent - 1)) + (wide >> 63)) >> exponent);
    }

    /// <summary><c>value * 2^exponent</c> held within int32; exponent 0 to 31.</summary>
    public static int SaturatingShiftLeft(int value, int exponent)
    {
        long wide = (long)value << exponent;
        if (wide > int.MaxValue)
            return int.MaxValue;
        if (wide < int.MinValue)
            return int.MinValue;
        return (int)wide;
    }

    /// <summary>Number of zero bits above the highest one bit of a non-negative number; 32 for 0.</summary>
    public static int CountLeadingZeros(int value)
    {
        if (value == 0)
            return 32;
        int count = 0;
        while (value > 0)
        {
            value <<= 1;
            count++;
        }
        return count;
    }

    /// <summary>1 / (1 + x) for x in [0, 1), both Q0.31.</summary>
    public static int Reciprocal(int x)
    {
        return SaturatingShiftLeft(InverseHalf(x), 1);
    }

    /// <summary>2 / (1 + x) in Q2.29 for x in [0, 1) in Q0.31: three Newton-Raphson steps from 48/17 - 32/17 d with d = (1 + x) / 2.</summary>
    public static int InverseHalf(int x)
    {
        const int C48Over17 = 1515870810;
        const int MinusC32Over17 = -1010580540;
        int halfDenominator = (int)(((long)x + OneQ0 + 1) / 2);
        int y = C48Over17 + SaturatingRoundingDoublingHighMul(halfDenominator, MinusC32Over17);
        for (int i = 0; i < 3; i++)
        {
            int error = OneQ2 - SaturatingRoundingDoublingHighMul(halfDenominator, y);
            y += SaturatingShiftLeft(SaturatingRoundingDoublingHighMul(y, error), 2);
        }
        return y;
    }
}
