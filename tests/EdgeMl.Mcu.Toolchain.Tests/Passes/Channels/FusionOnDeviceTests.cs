using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Passes;

namespace EdgeMl.Mcu.Toolchain.Tests.Passes.Channels;

/// <summary>Fusions in int8 graphs, on the device runtime before and after.</summary>
public sealed class FusionOnDeviceTests
{
    private readonly Int8GraphBuilder _builder = new();

    [Theory]
    [InlineData(-128)]
    [InlineData(-7)]
    [InlineData(127)]
    public void Padding_with_the_zero_point_fuses_into_convolutions_that_pad_themselves(int zeroPoint)
    {
        Tensor x = _builder.Input(zeroPoint, 1, 4, 5, 2);
        Tensor first = _builder.Node(new Pad([0, 1, 0, 0], [0, 2, 1, 0]), zeroPoint, [1, 7, 6, 2], x);
        Tensor y = _builder.Depthwise(first, new Window(3, 2, 2, 1, PadTop: 1, PadRight: 1), [.. Enumerable.Range(-6, 12).Select(i => (sbyte)i)], [40, -50]);
        Tensor second = _builder.Node(new Pad([0, 0, 2, 0], [0, 0, 0, 0]), -128, [1, y.Shape[1], y.Shape[2] + 2, 2], y);
        _builder.Output(_builder.Conv(second, new Window(2, 2), [1, -1, 2, -2, 3, 0, 1, 1], [9]));
        Assert.Equal(["DepthwiseConv2D", "Conv2D"], Fused());
    }

    [Theory]
    [InlineData(UnaryKind.Relu, -20, BinaryKind.Add)]
    [InlineData(UnaryKind.Relu, -128, BinaryKind.Sub)]
    [InlineData(UnaryKind.Relu6, -60, BinaryKind.Mul)]
    [InlineData(UnaryKind.Relu6, 90, BinaryKind.Add)]
    [InlineData(UnaryKind.ReluN1To1, 0, BinaryKind.Sub)]
    public void A_clamp_between_equal_quantisations_fuses(UnaryKind clamp, int zeroPoint, BinaryKind kind)
    {
        Tensor x = _builder.Input(-3, 1, 4, 4, 2);
        Tensor sum = _builder.Node(new Binary(kind), zeroPoint, [1, 4, 4, 2], x, _builder.Input(5, 1, 4, 4, 2));
        Tensor clamped = _builder.Node(new Unary(clamp), zeroPoint, [1, 4, 4, 2], sum);
        Tensor pooled = _builder.Node(new AveragePool2D(new Window(2, 2)), zeroPoint, [1, 3, 3, 2], clamped);
        _builder.Output(_builder.Node(new Unary(clamp), zeroPoint, [1, 3, 3, 2], pooled));
        Assert.Equal([kind.ToString(), "AveragePool2D"], Fused());
    }

    /// <summary>Operators after all passes.</summary>
    private string[] Fused()
    {
        ModelGraph fused = _builder.Graph.Copy();
        PassPipeline.Run(fused);
        var plain = new Int8Run(_builder.Graph, optimize: false);
        var optimized = new Int8Run(fused, optimize: true);
        foreach (sbyte[] input in Inputs.Extremes(plain.InputCount).Concat(Enumerable.Range(0, 100).Select(seed => Inputs.Random(plain.InputCount, seed))))
            Assert.Equal(plain.Run(input), optimized.Run(input));
        return [.. fused.Nodes.Select(node => node.Operator.Name)];
    }
}
