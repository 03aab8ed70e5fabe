using EdgeMl.Mcu.Toolchain.Plan;
using EdgeMl.Mcu.Toolchain.Plan.Variants;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Variants;

/// <summary>Kernel variants against the scalar kernel, bit for bit.</summary>
public class LinearVariantTests
{
    private const int Layers = 2000;

    [Fact]
    public void A_sliding_depthwise_convolution_gives_the_scalar_bits() => Check(new SlidingDepthwiseVariant(), RandomLinear.Depthwise, Layers / 3);

    [Fact]
    public void A_3x3_depthwise_convolution_of_several_lines_gives_the_scalar_bits() => Check(new LineDepthwiseVariant(), RandomLinear.RectifiedDepthwise3x3, Layers / 2);

    [Fact]
    public void A_fully_connected_row_in_locals_or_with_packed_weights_gives_the_scalar_bits() => Check(new RowFullyConnectedVariant(), RandomLinear.FullyConnectedRow, 2 * Layers);

    private static void Check(KernelVariant variant, Func<Random, DeviceLayer> create, int applicable)
    {
        int compared = 0;
        Prop.ForAll<int>(seed =>
        {
            var random = new Random(seed);
            DeviceLayer layer = create(random);
            sbyte[] input = RandomLinear.Input(layer, random);
            sbyte[]? expected = null;
            foreach (DeviceLayer candidate in variant.Candidates(layer, int.MaxValue))
            {
                expected ??= SingleLayer.Run(layer, input);
                compared++;
                if (!expected.AsSpan().SequenceEqual(SingleLayer.Run(candidate, input)))
                    return false.Label($"seed {seed}: [{string.Join(", ", candidate.Parameters)}]");
            }
            return true.ToProperty();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Layers).WithEndSize(int.MaxValue));
        Assert.True(compared >= applicable, $"Only {compared} candidates.");
    }
}
