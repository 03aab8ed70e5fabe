using EdgeMl.Mcu.Runtime.Arithmetic;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Runtime.Tests.Arithmetic;

public class FixedPointTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(20_000);

    private static readonly int[] Corners = [int.MinValue, int.MinValue + 1, -(1 << 30), -65536, -2, -1, 0, 1, 2, 65535, 1 << 30, int.MaxValue - 1, int.MaxValue];

    /// <summary>Any int32, small ones and the ends of the range as often as others.</summary>
    private static Gen<int> AnyInt => Gen.OneOf(Gen.Choose(int.MinValue, int.MaxValue), Gen.Choose(-300, 300), Gen.Elements(Corners));

    private static Gen<int> NotNegative => AnyInt.Select(value => value & int.MaxValue);

    [Fact]
    public void A_quantized_multiplier_rounds_to_nearest_and_then_half_away_from_zero() => Check.One(Thorough, Prop.ForAll(
        AnyInt.ToArbitrary(), NotNegative.ToArbitrary(), Gen.Choose(-31, 30).ToArbitrary(), (value, multiplier, shift) =>
        {
            Int128 high = FloorShift(((Int128)(shift > 0 ? value << shift : value) * multiplier) + (1 << 30), 31);
            Int128 expected = shift < 0 ? RoundHalfAway(high, -shift) : high;
            return expected == FixedPoint.MultiplyByQuantizedMultiplier(value, multiplier, shift);
        }));

    [Fact]
    public void The_doubling_high_product_saturates_only_for_two_minima() => Check.One(Thorough, Prop.ForAll(
        AnyInt.ToArbitrary(), AnyInt.ToArbitrary(), (a, b) =>
            Int128.Min(FloorShift(((Int128)a * b) + (1 << 30), 31), int.MaxValue) == FixedPoint.SaturatingRoundingDoublingHighMul(a, b)));

    [Fact]
    public void Two_minima_give_the_maximum() => Assert.Equal(int.MaxValue, FixedPoint.SaturatingRoundingDoublingHighMul(int.MinValue, int.MinValue));

    [Fact]
    public void A_division_by_a_power_of_two_rounds_half_away_from_zero() => Check.One(Thorough, Prop.ForAll(
        AnyInt.ToArbitrary(), Gen.Choose(0, 31).ToArbitrary(), (value, exponent) =>
            RoundHalfAway(value, exponent) == FixedPoint.RoundingDivideByPowerOfTwo(value, exponent)));

    [Fact]
    public void A_left_shift_saturates() => Check.One(Thorough, Prop.ForAll(
        AnyInt.ToArbitrary(), Gen.Choose(0, 31).ToArbitrary(), (value, exponent) =>
            Int128.Clamp((Int128)value << exponent, int.MinValue, int.MaxValue) == FixedPoint.SaturatingShiftLeft(value, exponent)));

    [Fact]
    public void Leading_zeros_are_counted()
    {
        Assert.Equal(32, FixedPoint.CountLeadingZeros(0));
        for (int bit = 0; bit < 31; bit++)
        {
            Assert.Equal(31 - bit, FixedPoint.CountLeadingZeros(1 << bit));
            Assert.Equal(31 - bit, FixedPoint.CountLeadingZeros((1 << bit) | ((1 << bit) - 1)));
        }
    }

    [Fact]
    public void The_reciprocal_is_that_of_real_numbers_within_a_few_units() => Check.One(Thorough, Prop.ForAll(
        NotNegative.ToArbitrary(), x =>
        {
            double expected = Math.Min(Math.ScaleB(1 / (1 + Math.ScaleB(x, -31)), 31), int.MaxValue);
            return Math.Abs(FixedPoint.Reciprocal(x) - expected) <= 16;
        }));

    [Fact]
    public void Half_the_divisor_gives_twice_the_reciprocal() => Check.One(Thorough, Prop.ForAll(
        NotNegative.ToArbitrary(), x => Math.Abs(FixedPoint.InverseHalf(x) - Math.ScaleB(2 / (1 + Math.ScaleB(x, -31)), 29)) <= 8));

    [Fact]
    public void The_logarithm_is_that_of_real_numbers_within_the_approximation() => Check.One(Thorough, Prop.ForAll(
        Gen.Choose(1 << 19, int.MaxValue).ToArbitrary(), value =>
            Math.Abs(Math.ScaleB(FixedLogarithm.OfQ12(value), -26) - Math.Log(Math.ScaleB(value, -19))) <= 1e-4));

    private static Int128 FloorShift(Int128 value, int exponent) => value >> exponent;

    private static Int128 RoundHalfAway(Int128 value, int exponent)
    {
        if (exponent == 0)
            return value;
        Int128 magnitude = (Int128.Abs(value) + (Int128.One << (exponent - 1))) >> exponent;
        return value < 0 ? -magnitude : magnitude;
    }
}
