using EdgeMl.Mcu.Runtime.Arithmetic;

namespace EdgeMl.Mcu.Runtime.Tests.Arithmetic;

public class InverseSquareRootTests
{
    /// <summary>What five Newton-Raphson steps from 1 leave at the ends of the interval.</summary>
    private const double Tolerance = 2e-5;

    [Fact]
    public void Multiplier_and_shift_are_the_inverse_square_root_over_the_whole_range()
    {
        for (int value = 1; value < 70_000; value++)
            AssertClose(value);
        for (long value = 70_000; value <= int.MaxValue; value += (value / 1000) + 7)
            AssertClose((int)value);
        AssertClose(int.MaxValue);
    }

    [Fact]
    public void Zero_counts_as_one()
    {
        Assert.Equal(InverseSquareRoot.Multiplier(1), InverseSquareRoot.Multiplier(0));
        Assert.Equal(InverseSquareRoot.Shift(1), InverseSquareRoot.Shift(0));
    }

    private static void AssertClose(int value)
    {
        int shift = InverseSquareRoot.Shift(value);
        Assert.InRange(shift, -12, 0);
        double actual = Math.ScaleB(InverseSquareRoot.Multiplier(value), shift - 31) * Math.Sqrt(value);
        Assert.InRange(actual, 1 - Tolerance, 1 + Tolerance);
    }
}
