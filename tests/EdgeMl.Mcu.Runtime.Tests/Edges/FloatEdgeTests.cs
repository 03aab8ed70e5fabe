using EdgeMl.Mcu.Runtime.Arithmetic;
using EdgeMl.Mcu.Runtime.Edges;
using EdgeMl.Mcu.Runtime.Format;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Runtime.Tests.Edges;

public class FloatEdgeTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(20_000);

    private static Gen<float> AnyValue =>
        Gen.OneOf(Gen.Choose(int.MinValue, int.MaxValue).Select(BitConverter.Int32BitsToSingle), Gen.Choose(-4000, 4000).Select(i => i / 8f));

    private static Gen<float> AnyScale =>
        Gen.OneOf(Gen.Choose(1, 0x7F7FFFFF).Select(BitConverter.Int32BitsToSingle), Gen.Choose(1, 64).Select(i => i / 16f));

    [Theory]
    [InlineData(0.49999997f, 0)]
    [InlineData(-0.49999997f, 0)]
    [InlineData(0.5f, 1)]
    [InlineData(-0.5f, -1)]
    [InlineData(1.5f, 2)]
    [InlineData(2.5f, 3)]
    [InlineData(-2.5f, -3)]
    [InlineData(126.5f, 127)]
    [InlineData(127.5f, 127)]
    [InlineData(-128.5f, -128)]
    [InlineData(float.MaxValue, 127)]
    [InlineData(float.MinValue, -128)]
    [InlineData(float.PositiveInfinity, 127)]
    [InlineData(float.NegativeInfinity, -128)]
    [InlineData(float.NaN, 0)]
    [InlineData(float.Epsilon, 0)]
    [InlineData(-0f, 0)]
    public void A_quotient_is_rounded_half_away_from_zero_and_held_within_int8(float value, int expected) =>
        Assert.Equal(expected, FloatEdge.Quantize(value, 1, 0));

    [Fact]
    public void The_quotient_is_a_float32_and_not_a_more_exact_one()
    {
        // 0.35 / 0.1 is 3.5 in float32 and 3.4999999... of the two float32 operands.
        Assert.Equal(4, FloatEdge.Quantize(0.35f, 0.1f, 0));
        Assert.Equal((int)MathF.Round(0.35f / 0.1f, MidpointRounding.AwayFromZero), FloatEdge.Quantize(0.35f, 0.1f, 0));
    }

    [Fact]
    public void Not_a_number_is_the_zero_point() => Assert.Equal(-17, FloatEdge.Quantize(float.NaN, 0.5f, -17));

    [Fact]
    public void Any_value_with_any_scale_and_zero_point_is_rounded_as_the_reference_does() => Check.One(Thorough, Prop.ForAll(
        AnyValue.ToArbitrary(), AnyScale.ToArbitrary(), Gen.Choose(-128, 127).ToArbitrary(),
        (value, scale, zeroPoint) => Reference(value, scale, zeroPoint) == FloatEdge.Quantize(value, scale, zeroPoint)));

    [Fact]
    public void Every_int8_value_survives_the_way_to_real_numbers_and_back() => Check.One(Thorough, Prop.ForAll(
        Gen.Choose(1, 1 << 24).Select(i => i / (float)(1 << 20)).ToArbitrary(), Gen.Choose(-128, 127).ToArbitrary(),
        (scale, zeroPoint) =>
        {
            sbyte[] arena = [.. Enumerable.Range(-128, 256).Select(q => (sbyte)q)];
            var reals = new float[256];
            var back = new sbyte[258];
            FloatEdge.Dequantize(arena, 0, reals, scale, zeroPoint);
            FloatEdge.Quantize(reals, back, 1, scale, zeroPoint);
            return arena.AsSpan().SequenceEqual(back.AsSpan(1, 256)) && back[0] == 0 && back[257] == 0;
        }));

    [Theory]
    [InlineData(TensorType.Int8)]
    [InlineData(TensorType.UInt8)]
    [InlineData(TensorType.Int16)]
    public void Other_types_round_in_the_same_way(TensorType type) => Check.One(Thorough, Prop.ForAll(
        AnyValue.ToArbitrary(), AnyScale.ToArbitrary(), Gen.Choose(Element.Min((int)type), Element.Max((int)type)).ToArbitrary(), (value, scale, zeroPoint) =>
            Reference(value, scale, zeroPoint, Element.Min((int)type), Element.Max((int)type)) == TypedFloatEdge.Quantize(value, scale, zeroPoint, (int)type)));

    private static int Reference(float value, float scale, int zeroPoint, int low = -128, int high = 127)
    {
        double quotient = (float)(value / scale);
        return double.IsNaN(quotient) ? zeroPoint : (int)Math.Clamp(Math.Round(quotient, MidpointRounding.AwayFromZero) + zeroPoint, low, high);
    }
}
