using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Quantizing;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Quantizing;

public class ValueRangeTests
{
    private static readonly Arbitrary<ValueRange> Ranges = (
        from a in Gen.Choose(-1_000_000, 1_000_000)
        from b in Gen.Choose(-1_000_000, 1_000_000)
        from exponent in Gen.Choose(-12, 6)
        let unit = Math.Pow(10, exponent)
        select new ValueRange((float)(Math.Min(a, b) * unit), (float)(Math.Max(a, b) * unit))).ToArbitrary();

    [Fact]
    public void Zero_is_a_quantised_value() => Prop.ForAll(Ranges, range =>
        range.ToInt8().ZeroPoint is >= -128 and <= 127).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_value_of_the_range_is_within_half_a_scale_of_its_quantised_value() => Prop.ForAll(
        Ranges, Gen.Choose(0, 1000).ToArbitrary(),
        (range, part) =>
        {
            Quantization quantization = range.ToInt8();
            double real = range.Min + ((double)range.Max - range.Min) * part / 1000;
            double quantized = Math.Clamp(Math.Round(real / quantization.Scale) + quantization.ZeroPoint, -128, 127);
            double error = Math.Abs((quantized - quantization.ZeroPoint) * quantization.Scale - real);
            return error <= quantization.Scale * 0.5001;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0, 0, 1f / 255, -128)]
    [InlineData(0, 2.55f, 0.01f, -128)]
    [InlineData(-2.55f, 0, 0.01f, 127)]
    [InlineData(1, 2.55f, 0.01f, -128)]
    [InlineData(-1.28f, 1.27f, 0.01f, 0)]
    public void Ranges_are_widened_to_hold_zero(float min, float max, float scale, int zeroPoint)
    {
        Quantization quantization = new ValueRange(min, max).ToInt8();
        Assert.Equal(scale, quantization.Scale, 1e-7f);
        Assert.Equal(zeroPoint, quantization.ZeroPoint);
    }

    [Theory]
    [InlineData(0, float.Epsilon)]
    [InlineData(float.MinValue, float.MaxValue)]
    public void Scales_of_extreme_ranges_can_still_be_multiplied(float min, float max)
    {
        float scale = new ValueRange(min, max).ToInt8().Scale;
        Assert.True(float.IsNormal(scale * scale) && float.IsNormal(1 / scale / scale));
    }
}
