using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Quantizing;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Quantizing;

public class PostTrainingQuantizerTests
{
    [Fact]
    public void Weights_and_biases_are_within_half_of_their_channel_scale() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        ModelGraph graph = SmallNetwork(seed);
        ModelGraph quantized = GraphBuilder.Quantize(graph, GraphBuilder.Uniform(4, 36 * 2, -1, 1)).Graph;
        return graph.Nodes.Zip(quantized.Nodes).All(pair => pair.First.Inputs.Zip(pair.Second.Inputs).Skip(1).All(input =>
        {
            Quantization quantization = input.Second!.Quantization!;
            float[] expected = input.First!.Reals(), actual = input.Second.Reals();
            int inner = input.First.Shape.Strides()[quantization.Axis];
            int limit = input.Second.Type == ElementType.Int8 ? 127 : 1 << 30;
            return input.Second.Integers().All(value => Math.Abs(value) <= limit)
                && Enumerable.Range(0, expected.Length).All(i =>
                    Math.Abs((double)expected[i] - actual[i])
                    <= 0.5001 * quantization.ScaleOf(i / inner % quantization.Scales.Length) + 1e-6 * Math.Abs(expected[i]));
        }));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Convolutions_have_a_weight_scale_for_each_output_channel_and_biases_that_fit_the_accumulator()
    {
        ModelGraph quantized = GraphBuilder.Quantize(SmallNetwork(1), GraphBuilder.Uniform(4, 72, -1, 1)).Graph;
        foreach ((string name, int axis, int channels) in new[] { ("conv", 0, 4), ("depthwise", 3, 4), ("logits", 0, 3) })
        {
            Node node = quantized.Nodes.Find(node => node.Name == name)!;
            Quantization weights = node.Inputs[1]!.Quantization!, bias = node.Inputs[2]!.Quantization!;
            Assert.Equal(ElementType.Int8, node.Inputs[1]!.Type);
            Assert.Equal(ElementType.Int32, node.Inputs[2]!.Type);
            Assert.Equal(axis, weights.Axis);
            Assert.Equal(new int[channels], weights.ZeroPoints);
            Assert.Equal(weights.Scales.Select(scale => scale * node.Input.Quantization!.Scale), bias.Scales);
            Assert.All(bias.ZeroPoints, zeroPoint => Assert.Equal(0, zeroPoint));
        }
    }

    [Fact]
    public void Inputs_and_outputs_become_int8_and_keep_name_and_layout()
    {
        var builder = new GraphBuilder();
        Tensor x = builder.Input("x", 1, 2, 3, 4);
        builder.Graph.Inputs[0] = new GraphPort(x, new Shape(1, 4, 2, 3), [0, 2, 3, 1]);
        builder.Output(builder.Node("y", new Unary(UnaryKind.Neg), [1, 2, 3, 4], x));
        ModelGraph quantized = GraphBuilder.Quantize(builder.Graph, GraphBuilder.Uniform(3, 24, -1, 1)).Graph;

        GraphPort input = Assert.Single(quantized.Inputs), output = Assert.Single(quantized.Outputs);
        Assert.Equal(("x", ElementType.Int8), (input.Name, input.Tensor.Type));
        Assert.Equal(("y", ElementType.Int8), (output.Name, output.Tensor.Type));
        Assert.Equal(new Shape(1, 4, 2, 3), input.SourceShape);
        Assert.Equal([0, 2, 3, 1], input.Permutation);
        Assert.Equal(ElementType.Float32, x.Type);
    }

    [Fact]
    public void A_fused_relu_spends_all_levels_on_positive_values()
    {
        QuantizationResult result = GraphBuilder.Quantize(SmallNetwork(2), GraphBuilder.Uniform(8, 72, -1, 1));
        LayerQuantization conv = result.Layers.Single(layer => layer.Name == "conv");
        Assert.Equal((0f, -128), (conv.RangeMin, conv.ZeroPoint));
        Assert.InRange(conv.RangeMax, 0.01f, 6);
    }

    [Theory]
    [InlineData(CalibrationMethod.MinMax)]
    [InlineData(CalibrationMethod.Percentile)]
    public void A_small_network_keeps_its_outputs(CalibrationMethod method)
    {
        ModelGraph graph = SmallNetwork(3);
        float[][][] samples = GraphBuilder.Uniform(64, 72, -1, 1);
        QuantizationResult result = GraphBuilder.Quantize(
            graph, samples, new QuantizationOptions { Method = method, Percentile = 99.9 });
        var real = new FloatExecutor(graph);
        var rounded = new FloatExecutor(result.Graph, ActivationPrecision.FakeQuantized);
        double worst = samples.Max(sample => real.Run(sample)[0].Zip(rounded.Run(sample)[0]).Max(pair => Math.Abs(pair.First - pair.Second)));
        Assert.InRange(worst, 0, 0.03);
        Assert.All(result.Layers, layer => Assert.True(layer.SignalToNoiseDb is null or > 20, layer.ToString()));
        Assert.Contains(result.Layers, layer => layer.SignalToNoiseDb is not null);
    }

    [Fact]
    public void The_percentile_method_cuts_outliers_and_keeps_graph_outputs()
    {
        var builder = new GraphBuilder();
        Tensor x = builder.Input("x", 1, 1000);
        Tensor hidden = builder.Node("hidden", new Unary(UnaryKind.Square), [1, 1000], x);
        builder.Output(builder.Node("y", new Unary(UnaryKind.Sqrt), [1, 1000], hidden));
        float[][][] samples = GraphBuilder.Uniform(20, 1000, -1, 1);
        samples[7][0][5] = 100;

        Quantization[] Scales(CalibrationMethod method)
        {
            ModelGraph graph = GraphBuilder.Quantize(
                builder.Graph, samples, new QuantizationOptions { Method = method, Percentile = 99.99 }).Graph;
            return [graph.Inputs[0].Tensor.Quantization!, graph.Nodes[0].Output.Quantization!, graph.Outputs[0].Tensor.Quantization!];
        }

        Quantization[] all = Scales(CalibrationMethod.MinMax), cut = Scales(CalibrationMethod.Percentile);
        Assert.Equal(101f / 255, all[0].Scale, 0.001f);
        Assert.Equal(2f / 255, cut[0].Scale, 0.001f);
        Assert.Equal(10000f / 255, all[1].Scale, 0.01f);
        Assert.InRange(cut[1].Scale, 1f / 255 * 0.9f, 3f / 255);
        Assert.Equal(all[2].Scale, cut[2].Scale);
    }

    [Fact]
    public void Progress_rises_to_one()
    {
        var seen = new System.Collections.Concurrent.ConcurrentBag<double>();
        PostTrainingQuantizer.Quantize(
            SmallNetwork(4), GraphBuilder.Uniform(50, 72, -1, 1),
            new QuantizationOptions { Method = CalibrationMethod.Percentile }, new Immediate(seen.Add), TestContext.Current.CancellationToken);
        Assert.Equal(1, seen.Max());
        Assert.All(seen, value => Assert.InRange(value, 0, 1));
    }

    [Fact]
    public void Calibration_can_be_cancelled() => Assert.ThrowsAny<OperationCanceledException>(() => PostTrainingQuantizer.Quantize(
        SmallNetwork(4), GraphBuilder.Uniform(50, 72, -1, 1), cancellation: new CancellationToken(true)));

    private static ModelGraph SmallNetwork(int seed)
    {
        var random = new Random(seed);
        var builder = new GraphBuilder();
        Tensor x = builder.Input("x", 1, 6, 6, 2);
        Tensor conv = builder.Node(
            "conv", new Conv2D(new Window(3, 3), Activation.Relu6), [1, 4, 4, 4], x, Constant("w1", 4, 3, 3, 2), Constant("b1", 4));
        Tensor depthwise = builder.Node(
            "depthwise", new DepthwiseConv2D(new Window(3, 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1), Activation.Relu), [1, 4, 4, 4],
            conv, Constant("w2", 1, 3, 3, 4), Constant("b2", 4));
        Tensor pool = builder.Node("pool", new MaxPool2D(new Window(2, 2, 2, 2)), [1, 2, 2, 4], depthwise);
        Tensor flat = builder.Node("flat", new Reshape(), [1, 16], pool);
        Tensor logits = builder.Node("logits", new FullyConnected(), [1, 3], flat, Constant("w3", 3, 16), Constant("b3", 3));
        return builder.Output(builder.Node("softmax", new Softmax(), [1, 3], logits)).Graph;

        Tensor Constant(string name, params int[] shape) =>
            Tensor.Constant(name, new Shape(shape), GraphBuilder.Values(random, new Shape(shape).ElementCount, -0.5f, 0.5f));
    }

    private sealed class Immediate(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
