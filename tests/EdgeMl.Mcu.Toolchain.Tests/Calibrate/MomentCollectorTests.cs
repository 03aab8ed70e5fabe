using EdgeMl.Mcu.Toolchain.Calibrating;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using GraphBuilder = EdgeMl.Mcu.Toolchain.Tests.Quantizing.GraphBuilder;

namespace EdgeMl.Mcu.Toolchain.Tests.Calibrating;

public class MomentCollectorTests
{
    private readonly GraphBuilder _builder = new();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(50)]
    public void Moments_are_the_means_over_all_patches_of_all_samples(int count)
    {
        Node node = TwoGroups();
        float[][][] samples = GraphBuilder.Uniform(count, 4 * 5 * 4, -1, 3);
        LayerMoments moments = Collect(samples)[node];
        LinearNode layer = moments.Layer;
        Assert.Equal((2, 18, 20L * count), (layer.Groups, layer.Taps, moments.Count));
        for (int group = 0; group < 2; group++)
        {
            float[][] patches = [.. samples.SelectMany(sample => Enumerable.Range(0, layer.Positions).Select(position => Patch(layer, sample[0], position, group)))];
            for (int i = 0; i < layer.Taps; i++)
            {
                Assert.Equal(patches.Average(patch => (double)patch[i]), moments.Mean(group)[i], 1e-12);
                for (int j = 0; j < layer.Taps; j++)
                {
                    double product = patches.Average(patch => (double)patch[i] * patch[j]);
                    Assert.Equal(product, moments.SecondMoments(group)[i * layer.Taps + j], 1e-12);
                    Assert.Equal(product - moments.Mean(group)[i] * moments.Mean(group)[j], moments.Covariance(group)[i * layer.Taps + j], 1e-12);
                }
            }
        }
    }

    [Fact]
    public void Moments_are_the_same_bits_on_every_run()
    {
        Node node = TwoGroups();
        float[][][] samples = GraphBuilder.Uniform(101, 4 * 5 * 4, -1, 3);
        Assert.Equal(Collect(samples)[node].SecondMoments(1), Collect(samples)[node].SecondMoments(1));
    }

    [Fact]
    public void Only_the_layers_that_are_asked_for_have_moments()
    {
        Tensor x = _builder.Input("x", 1, 2);
        Tensor hidden = _builder.FullyConnected("hidden", x, [1, 2, 3, 4], null, Activation.Relu);
        _builder.Output(_builder.FullyConnected("y", hidden, [1, 2, 3, 4], null));
        Node last = _builder.Graph.Nodes[1];
        float[][][] samples = GraphBuilder.Uniform(5, 2, -1, 1);
        IReadOnlyDictionary<Node, LayerMoments> moments = MomentCollector.Collect(_builder.Graph, samples, [last], cancellation: TestContext.Current.CancellationToken);
        Assert.Equal([last], moments.Keys);
        Assert.Equal(2, Collect(samples).Count);
    }

    [Fact]
    public void Moments_of_a_quantised_graph_are_those_of_what_its_layers_read()
    {
        Tensor x = _builder.Input("x", 1, 2);
        _builder.Output(_builder.FullyConnected("y", x, [1, -1], null));
        float[][][] samples = GraphBuilder.Uniform(20, 2, -1, 1);
        ModelGraph quantized = GraphBuilder.Quantize(_builder.Graph, samples).Graph;
        LayerMoments moments = MomentCollector.Collect(
            quantized, samples, precision: ActivationPrecision.FakeQuantized, cancellation: TestContext.Current.CancellationToken)[quantized.Nodes[0]];
        Quantization q = quantized.Inputs[0].Tensor.Quantization!;
        double expected = samples.Average(sample => q.Scale * (QuantizedValues.Nearest(sample[0][0], q.Scale, q.ZeroPoint, (-128, 127)) - q.ZeroPoint));
        Assert.Equal(expected, moments.Mean(0)[0], 1e-6);
    }

    [Fact]
    public void Samples_that_overflow_are_refused()
    {
        Tensor x = _builder.Input("x", 1, 1);
        Tensor large = _builder.FullyConnected("large", x, [1e30f], null);
        _builder.Output(_builder.FullyConnected("y", large, [1], null));
        ToolchainException e = Assert.Throws<ToolchainException>(() => Collect([[[1e30f]]]));
        Assert.Equal(ErrorCodes.BadCalibrationData, e.Code);
        Assert.Contains("'large'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_run_stops()
    {
        TwoGroups();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            MomentCollector.Collect(_builder.Graph, GraphBuilder.Uniform(9, 80, 0, 1), cancellation: new CancellationToken(true)));
    }

    private Node TwoGroups()
    {
        Tensor x = _builder.Input("x", 1, 4, 5, 4);
        Tensor weights = Tensor.Constant("w", new Shape(4, 3, 3, 2), GraphBuilder.Values(new Random(1), 72, -1, 1));
        _builder.Output(_builder.Node("y", new Conv2D(new Window(3, 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1)), [1, 4, 5, 4], x, weights, null));
        return _builder.Graph.Nodes[0];
    }

    private IReadOnlyDictionary<Node, LayerMoments> Collect(float[][][] samples) =>
        MomentCollector.Collect(_builder.Graph, samples, cancellation: TestContext.Current.CancellationToken);

    private static float[] Patch(LinearNode layer, float[] input, int position, int group)
    {
        var patch = new float[layer.Taps];
        layer.Gather(input, position, group, patch);
        return patch;
    }
}
