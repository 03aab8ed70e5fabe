using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan;
using EdgeMl.Mcu.Toolchain.Plan.Variants;

namespace EdgeMl.Mcu.Toolchain.Tests.Variants;

/// <summary>The plain kernel of every variant against the layer as it was lowered.</summary>
public sealed class PlainLayerTests
{
    private static readonly int[] Budgets = [1024, 16 * 1024];

    [Fact]
    public void The_plain_kernel_of_every_packed_convolution_needs_no_scratch_and_gives_the_scalar_bits()
    {
        var kernels = new HashSet<OpCode>();
        for (int seed = 0; seed < 60; seed++)
            Check(RandomConvolution.Create(seed), Budgets[seed % Budgets.Length], seed, kernels);
        Assert.Equal([OpCode.PackedConv2D, OpCode.PackedPositions], kernels.Order());
    }

    [Fact]
    public void The_plain_kernel_of_every_depthwise_and_row_variant_is_the_layer_as_lowered()
    {
        var kernels = new HashSet<OpCode>();
        var random = new Random(5);
        for (int i = 0; i < 100; i++)
        {
            foreach (DeviceLayer layer in new[] { RandomLinear.Depthwise(random), RandomLinear.RectifiedDepthwise3x3(random), RandomLinear.FullyConnectedRow(random) })
            {
                foreach (DeviceLayer variant in KernelChoice.Candidates(layer, Budgets[^1]).Where(candidate => candidate.Kernel is not (OpCode.PackedConv2D or OpCode.PackedPositions)))
                {
                    DeviceLayer plain = PlainLayer.Of(variant);
                    Assert.Equal(layer.Kernel, plain.Kernel);
                    Assert.Equal(layer.Parameters, plain.Parameters);
                    Assert.Equal(layer.Weights, plain.Weights);
                    Assert.Equal((0, 0L), (plain.ScratchBytes, plain.PackedBytes));
                    kernels.Add(variant.Kernel);
                }
            }
        }
        Assert.Superset(new HashSet<OpCode> { OpCode.SlidingDepthwiseConv2D, OpCode.LineDepthwiseConv2D, OpCode.ByteRowFullyConnected, OpCode.PackedRowFullyConnected }, kernels);
    }

    private static void Check(ModelGraph graph, int budget, int seed, HashSet<OpCode> kernels)
    {
        Model plain = ForcedVariant.Plain(graph);
        sbyte[] sample = RandomConvolution.Samples(plain.Input(0).Count, seed).First();
        sbyte[] expected = ForcedVariant.Run(plain, sample);
        foreach (ForcedVariant variant in ForcedVariant.All(graph, budget).GroupBy(variant => variant.Layer.Kernel).Select(alike => alike.ElementAt(seed % alike.Count())))
        {
            kernels.Add(variant.Layer.Kernel);
            DeviceProgram program = EmlmReader.Read(variant.Model, variant.File);
            program = program with { Layers = [.. program.Layers.Select(PlainLayer.Of)] };
            Assert.DoesNotContain(program.Layers, layer => layer.Kernel == variant.Layer.Kernel);
            Model undone = Model.Load(EmlmWriter.Write(program, new ArenaPlan(variant.Model.ArenaBytes, 0, false)));
            Assert.Equal((0, 0), (undone.ScratchBytes, undone.PackedBytes));
            Assert.True(ForcedVariant.Run(undone, sample).AsSpan().SequenceEqual(expected), $"seed {seed}: {variant.Layer.Kernel}({string.Join(", ", variant.Layer.Parameters)})");
        }
    }
}
