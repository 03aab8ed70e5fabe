using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Packed;
using EdgeMl.Mcu.Toolchain.Graph;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Variants;

/// <summary>Every way to compute a layer with 4-bit weights against the plain kernel with the same weights in 8 bits, all activations bit for bit.</summary>
public sealed class FourBitVariantTests
{
    private const int CandidatesEach = 6;

    private static readonly int[] Budgets = [1024, 4096, 16 * 1024, 1 << 20];

    [Fact]
    public void Every_variant_gives_the_scalar_bits_of_8_bits() => Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
    {
        Model plain = ForcedVariant.Plain(Create(seed, ElementType.Int8));
        ModelGraph graph = Create(seed, ElementType.Int4);
        sbyte[][] samples = [.. RandomConvolution.Samples(plain.Input(0).Count, seed)];
        sbyte[][] expected = Array.ConvertAll(samples, sample => ForcedVariant.Run(plain, sample));
        ForcedVariant[] variants = [.. ForcedVariant.All(graph, Budgets[seed % Budgets.Length])];
        new Random(seed).Shuffle(variants);
        foreach (ForcedVariant variant in variants.Take(CandidatesEach))
        {
            Assert.Equal(OpCode.PackedConv2DInt4, variant.Layer.Kernel);
            for (int i = 0; i < samples.Length; i++)
                Assert.True(ForcedVariant.Run(variant.Model, samples[i]).AsSpan().SequenceEqual(expected[i]), $"seed {seed}, sample {i}: ({string.Join(", ", variant.Layer.Parameters)})");
        }
        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Random_layers_meet_every_source_and_shape()
    {
        int[][] packed = [.. Enumerable.Range(0, 100).SelectMany(seed => ForcedVariant.All(Create(seed, ElementType.Int4), 16 * 1024)).Select(variant => variant.Layer.Parameters)];
        Assert.Equal(6, packed.Select(p => (p[PackedConv2D.Shape], p[PackedConv2D.Source])).Distinct().Count());
        Assert.Contains(packed, p => p[Runtime.Kernels.Conv2D.Groups] > 1);
    }

    /// <summary>The random layer of a seed with the upper four bits of each weight, as 4-bit or as 8-bit weights.</summary>
    private static ModelGraph Create(int seed, ElementType type)
    {
        ModelGraph graph = RandomConvolution.Create(seed);
        Tensor weights = graph.Nodes[0].Inputs[1]!;
        weights.Data = Array.ConvertAll((sbyte[])weights.Data!, weight => (sbyte)(weight >> 4));
        weights.Type = type;
        return graph;
    }
}
