using EdgeMl.Mcu.Runtime.Arithmetic;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Runtime.Tests.Arithmetic;

public class FloatBitsTests
{
    private static readonly int[] Special =
    [
        0, int.MinValue, 1, int.MinValue | 1, 0x7FFFFF, 0x800000, 0x7F7FFFFF, 0x7F800000, unchecked((int)0xFF800000), 0x3F800000, unchecked((int)0xBF800000), 0x7FC00000,
    ];

    private static readonly Arbitrary<int> Bits = Gen.OneOf(Gen.Choose(int.MinValue, int.MaxValue), Gen.Elements(Special), Gen.Choose(0, 0x7FFFFF)).ToArbitrary();

    [Fact]
    public void Bits_of_a_value_are_those_of_the_host() => Prop.ForAll(Bits, bits =>
    {
        float value = BitConverter.Int32BitsToSingle(bits);
        return float.IsNaN(value)
            ? float.IsNaN(BitConverter.Int32BitsToSingle(FloatBits.Of(value))) && float.IsNaN(FloatBits.Value(bits))
            : FloatBits.Of(value) == bits && BitConverter.SingleToInt32Bits(FloatBits.Value(bits)) == bits;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));

    [Fact]
    public void Keys_are_ordered_as_values_with_NaN_at_an_end() => Prop.ForAll(Bits, Bits, (a, b) =>
    {
        float x = BitConverter.Int32BitsToSingle(a), y = BitConverter.Int32BitsToSingle(b);
        if (float.IsNaN(x))
            return FloatBits.Key(a, true) == int.MinValue && FloatBits.Key(a, false) == int.MaxValue;
        return float.IsNaN(y) || FloatBits.Key(a, false) <= FloatBits.Key(b, true) == x <= y;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
}
