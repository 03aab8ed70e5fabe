using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Tests.Quantizing;

public class DegenerateModelTests
{
    private readonly GraphBuilder _builder = new();

    [Fact]
    public void A_channel_without_weights_gives_its_bias()
    {
        float[] outputs = RunQuantized([1, -1, 0, 0], [0, 0.7f], out Node layer);
        Assert.Equal(0.7f, outputs[1], layer.Output.Quantization!.Scale);
        AssertMultipliersAreUsable(layer);
    }

    [Fact]
    public void A_layer_without_any_weights_or_bias_gives_zero()
    {
        float[] outputs = RunQuantized([0, 0, 0, 0], [0, 0], out Node layer);
        Assert.Equal([0, 0], outputs);
        AssertMultipliersAreUsable(layer);
    }

    [Theory]
    [InlineData(1e-12f)]
    [InlineData(1e-30f)]
    [InlineData(float.Epsilon)]
    public void A_channel_of_tiny_weights_still_has_a_bias_that_fits(float weight)
    {
        float[] outputs = RunQuantized([1, -1, weight, -weight], [0, 0.7f], out Node layer);
        Assert.Equal(0.7f, outputs[1], layer.Output.Quantization!.Scale);
        Assert.All(layer.Inputs[2]!.Integers(), value => Assert.InRange(Math.Abs(value), 0, 1 << 30));
        AssertMultipliersAreUsable(layer);
    }

    [Fact]
    public void An_output_that_never_changes_has_a_scale_that_its_layer_can_multiply_with()
    {
        RunQuantized([1e-9f, 0, 0, 1e-9f], [0, 0], out Node layer);
        AssertMultipliersAreUsable(layer);
    }

    [Fact]
    public void An_output_that_cancels_gets_no_more_resolution_than_its_inputs()
    {
        Tensor x = _builder.Input("x", 1, 2);
        _builder.Output(_builder.Node("difference", new Binary(BinaryKind.Sub), [1, 2], x, x));
        ModelGraph graph = GraphBuilder.Quantize(_builder.Graph, GraphBuilder.Uniform(20, 2, -100, 100)).Graph;
        Assert.InRange(graph.Outputs[0].Tensor.Quantization!.Scale, graph.Inputs[0].Tensor.Quantization!.Scale / 1025, 1);
    }

    [Fact]
    public void A_layer_without_bias_stays_without()
    {
        Tensor x = _builder.Input("x", 1, 2);
        _builder.Output(_builder.FullyConnected("y", x, [1, 2], null));
        ModelGraph graph = GraphBuilder.Quantize(_builder.Graph, GraphBuilder.Uniform(20, 2, -1, 1)).Graph;
        Assert.Null(graph.Nodes[0].InputOrNull(2));
    }

    private float[] RunQuantized(float[] weights, float[] bias, out Node layer)
    {
        Tensor x = _builder.Input("x", 1, 2);
        _builder.Output(_builder.FullyConnected("y", x, weights, bias));
        ModelGraph graph = GraphBuilder.Quantize(_builder.Graph, GraphBuilder.Uniform(20, 2, -1, 1)).Graph;
        layer = graph.Nodes[0];
        return new FloatExecutor(graph, ActivationPrecision.FakeQuantized).Run([[0.5f, 0.25f]])[0];
    }

    private static void AssertMultipliersAreUsable(Node layer) => Assert.All(layer.Inputs[1]!.Quantization!.Scales, scale =>
        Assert.InRange((double)layer.Input.Quantization!.Scale * scale / layer.Output.Quantization!.Scale, Math.Pow(2, -24.01), 1.0001));
}
