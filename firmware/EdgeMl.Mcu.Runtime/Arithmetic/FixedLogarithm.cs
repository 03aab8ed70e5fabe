namespace EdgeMl.Mcu.Runtime.Arithmetic;

/// <summary>Natural logarithm in fixed point, as the TensorFlow Lite reference computes it.</summary>
/// <remarks>
/// The argument is brought to r * 2^e by the one of two normalisations, with and without a factor of sqrt(1/2), that leaves r nearer to the fourth root of 1/2.
/// Then ln = e * ln 2 + a rational function of q = 2 (r - (1/2)^(1/4)), whose coefficients are the constants below.
/// </remarks>
public static class FixedLogarithm
{
    private const int InputIntegerBits = 12;
    private const int AccumulatorIntegerBits = 6;
    private const int ExponentShift = 31 - AccumulatorIntegerBits;

    /// <summary>ln 2 in Q0.31.</summary>
    private const int Log2 = 1488522236;

    /// <summary>(1/2)^(1/4) in Q0.31.</summary>
    private const int FourthRootOfHalf = 1805811301;

    /// <summary>sqrt(1/2) in Q0.31.</summary>
    private const int RootOfHalf = 1518500250;

    /// <summary>1/4 in Q6.25.</summary>
    private const int Quarter = 1 << (ExponentShift - 2);

    /// <summary>11/240 * 2^(1/4) in Q0.31.</summary>
    private const int AlphaN = 117049297;

    /// <summary>1/20 * 2^(1/4) in Q0.31.</summary>
    private const int AlphaD = 127690142;

    /// <summary>2 / 2^(1/4) - 2^(1/4) in Q0.31.</summary>
    private const int AlphaI = 1057819769;

    /// <summary>1/4 * 2^(1/4) in Q0.31.</summary>
    private const int AlphaF = 638450708;

    /// <summary>Logarithm in Q5.26 of a Q12.19 number that is at least 1.</summary>
    public static int OfQ12(int value)
    {
        int headroomPlusOne = FixedPoint.CountLeadingZeros(value);
        int normalised = FixedPoint.SaturatingShiftLeft(value, headroomPlusOne > 0 ? headroomPlusOne - 1 : 0);
        int ratioA = FixedPoint.SaturatingShiftLeft(Multiply(normalised, RootOfHalf), 1);
        int exponentA = SaturatingAdd(FixedPoint.SaturatingShiftLeft(InputIntegerBits - headroomPlusOne, ExponentShift), Quarter);

        int headroomB = FixedPoint.CountLeadingZeros(Multiply(value, RootOfHalf)) - 1;
        int ratioB = FixedPoint.SaturatingShiftLeft(value, headroomB > 0 ? headroomB : 0);
        int exponentB = SaturatingAdd(FixedPoint.SaturatingShiftLeft(InputIntegerBits - headroomB, ExponentShift), -Quarter);

        int ratio = ratioA < ratioB ? ratioA : ratioB;
        int exponent = exponentA > exponentB ? exponentA : exponentB;
        int p = (int)(((long)ratio + FourthRootOfHalf + 1) / 2);
        int q = (ratio - FourthRootOfHalf) << 1;
        int square = Multiply(q, q);
        int numerator = Multiply(q, ratio) + Multiply(Multiply(q, square), AlphaN);
        int denominator = Multiply(p, AlphaI + q + Multiply(AlphaD, square)) + Multiply(AlphaF, q);
        int scaled = FixedPoint.RoundingDivideByPowerOfTwo(numerator, AccumulatorIntegerBits);
        int sum = Multiply(exponent, Log2) + Multiply(scaled, FixedPoint.Reciprocal(denominator));
        return FixedPoint.SaturatingShiftLeft(sum, 1);
    }

    private static int Multiply(int a, int b)
    {
        return FixedPoint.SaturatingRoundingDoublingHighMul(a, b);
    }

    private static int SaturatingAdd(int a, int b)
    {
        long sum = (long)a + b;
        if (sum > int.MaxValue)
            return int.MaxValue;
        return sum < int.MinValue ? int.MinValue : (int)sum;
    }
}
