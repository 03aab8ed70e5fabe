using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Packed;
using EdgeMl.Mcu.Toolchain.Graph;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Variants;

/// <summary>Every way to compute a convolution against the plain kernel, the whole arena bit for bit.</summary>
public sealed class ConvolutionVariantTests
{
    private const int CandidatesEach = 8;

    private static readonly int[] Budgets = [1024, 4096, 16 * 1024, 1 << 20];

    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    [Fact]
    public void Every_variant_of_a_random_layer_gives_the_scalar_bits() => Prop.ForAll(Seeds, seed =>
    {
        ModelGraph graph = RandomConvolution.Create(seed);
        Model plain = ForcedVariant.Plain(graph);
        sbyte[][] samples = [.. RandomConvolution.Samples(plain.Input(0).Count, seed)];
        sbyte[][] expected = Array.ConvertAll(samples, sample => ForcedVariant.Run(plain, sample));
        ForcedVariant[] variants = [.. ForcedVariant.All(graph, Budgets[seed % Budgets.Length])];
        new Random(seed).Shuffle(variants);
        foreach (ForcedVariant variant in variants.Take(CandidatesEach))
        {
            for (int i = 0; i < samples.Length; i++)
                Assert.True(ForcedVariant.Run(variant.Model, samples[i]).AsSpan().SequenceEqual(expected[i]), $"seed {seed}, sample {i}: {variant.Layer.Kernel}({string.Join(", ", variant.Layer.Parameters)})");
        }
        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    [Fact]
    public void Random_layers_meet_every_source_and_shape_and_flushed_sums()
    {
        ForcedVariant[] variants = [.. Enumerable.Range(0, 150).SelectMany(seed => ForcedVariant.All(RandomConvolution.Create(seed), 16 * 1024))];
        int[][] packed = [.. variants.Where(variant => variant.Layer.Kernel == OpCode.PackedConv2D).Select(variant => variant.Layer.Parameters)];

        Assert.Equal(6, packed.Select(p => (p[PackedConv2D.Shape], p[PackedConv2D.Source])).Distinct().Count());
        Assert.Contains(packed, p => p[PackedConv2D.FlushBlocks] > 0);
        Assert.Contains(packed, p => p[Runtime.Kernels.Conv2D.Groups] > 1);
        Assert.Equal(4, variants.Where(variant => variant.Layer.Kernel == OpCode.PackedPositions).Select(variant => (variant.Layer.Parameters[PackedPositions.Source], variant.Layer.Parameters[PackedPositions.FlushBlocks] > 0)).Distinct().Count());
        Assert.Contains(packed, p => p[PackedConv2D.TileRows] < p[Runtime.Kernels.WindowParameters.OutputHeight]);
        Assert.Contains(packed, p => p[PackedConv2D.TileColumns] < p[Runtime.Kernels.WindowParameters.OutputWidth]);
    }
}
