using static EdgeMl.Mcu.Runtime.Arithmetic.FixedPoint;

namespace EdgeMl.Mcu.Toolchain.Plan.Tables;

/// <summary>
/// gemmlowp's fixed-point exponential, logistic and hyperbolic tangent. They are evaluated at conversion only: the device has their values as tables.
/// </summary>
public static class FixedPointFunctions
{
    /// <summary>e^(-2^k) in Q0.31 for k = -2 … 4.</summary>
    private static readonly int[] ExpOfMinusPowers = [1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242];

    /// <summary>
    /// e^a in Q0.31 for a ≤ 0 with the given number of integer bits (at most 5). The fraction modulo 1/4 goes through a polynomial, each bit above it multiplies by e^(-2^k).
    /// </summary>
    public static int ExpOnNegative(int a, int integerBits)
    {
        if (a == 0)
            return OneQ0;
        int fractionalBits = 31 - integerBits;
        int quarter = 1 << (fractionalBits - 2);
        int modulo = (a & (quarter - 1)) - quarter;
        int result = ExpBetweenMinusQuarterAndZero(SaturatingShiftLeft(modulo, integerBits));
        int remainder = modulo - a;
        for (int k = -2; k < integerBits; k++)
        {
            if ((remainder & (1 << (fractionalBits + k))) != 0)
                result = SaturatingRoundingDoublingHighMul(result, ExpOfMinusPowers[k + 2]);
        }
        return result;
    }

    /// <summary>1 / (1 + e^-a) in Q0.31, a in Q4.27.</summary>
    public static int Logistic(int a)
    {
        if (a == 0)
            return 1 << 30;
        int positive = Reciprocal(ExpOnNegative(a > 0 ? -a : a, 4));
        return a > 0 ? positive : OneQ0 - positive;
    }

    /// <summary>tanh a in Q0.31, a in Q4.27: (1 - e) / (1 + e) with e = e^(-2|a|).</summary>
    public static int Tanh(int a)
    {
        if (a == 0)
            return 0;
        int positive = SaturatingShiftLeft(InverseHalf(ExpOnNegative(a > 0 ? -a : a, 5)) - OneQ2, 2);
        return a > 0 ? positive : -positive;
    }

    /// <summary>e^a for a in [-1/4, 0), Q0.31: Taylor series of fourth order around -1/8.</summary>
    private static int ExpBetweenMinusQuarterAndZero(int a)
    {
        const int ExpOfMinusEighth = 1895147668;
        const int Third = 715827883;
        int x = a + (1 << 28);
        int x2 = SaturatingRoundingDoublingHighMul(x, x);
        int x3 = SaturatingRoundingDoublingHighMul(x2, x);
        int x4 = SaturatingRoundingDoublingHighMul(x2, x2);
        int higher = RoundingDivideByPowerOfTwo(SaturatingRoundingDoublingHighMul(RoundingDivideByPowerOfTwo(x4, 2) + x3, Third) + x2, 1);
        return ExpOfMinusEighth + SaturatingRoundingDoublingHighMul(ExpOfMinusEighth, x + higher);
    }
}
