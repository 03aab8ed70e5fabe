using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Quantizing;
using EdgeMl.Mcu.Toolchain.Tests.Evaluate;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Quantizing;

public class CrossLayerEqualizationTests
{
    [Fact]
    public void The_float_function_stays_as_it_is() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        ModelGraph graph = RandomConvolutions.Create(seed);
        float[][][] samples = GraphBuilder.Uniform(4, graph.Inputs[0].Tensor.Shape.ElementCount, -1, 1);
        ModelGraph equalized = Equalize(graph, samples);
        return samples.All(sample => Nodes.AreClose(
            [.. new FloatExecutor(graph).Run(sample)[0].Select(value => (double)value)], new FloatExecutor(equalized).Run(sample)[0]));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Channels_of_unlike_ranges_become_alike()
    {
        ModelGraph graph = TwoLayers(Activation.Relu);
        float[][][] samples = GraphBuilder.Uniform(50, 2, 0, 1);
        float[] before = Magnitudes(graph, samples), after = Magnitudes(Equalize(graph, samples), samples);
        Assert.True(before.Max() / before.Min() > 50);
        Assert.True(after.Max() / after.Min() < before.Max() / before.Min() / 5);
    }

    [Fact]
    public void Equalised_channels_quantise_with_less_noise()
    {
        ModelGraph graph = TwoLayers(Activation.Relu);
        float[][][] samples = GraphBuilder.Uniform(50, 2, 0, 1);
        double Noise(bool equalize) => GraphBuilder.Quantize(graph, samples, new QuantizationOptions { Equalize = equalize }).Layers[^1].SignalToNoiseDb!.Value;
        Assert.True(Noise(true) > Noise(false) + 3, $"{Noise(true)} {Noise(false)}");
    }

    [Fact]
    public void A_clamp_between_two_layers_is_no_way_for_a_factor()
    {
        ModelGraph graph = TwoLayers(Activation.Relu6);
        ModelGraph equalized = Equalize(graph, GraphBuilder.Uniform(5, 2, 0, 1));
        Assert.Same(graph.Nodes[0].Inputs[1]!.Data, equalized.Nodes[0].Inputs[1]!.Data);
    }

    [Fact]
    public void An_output_of_the_model_keeps_its_channels()
    {
        ModelGraph graph = TwoLayers(Activation.Relu);
        graph.Outputs.Add(new GraphPort(graph.Nodes[0].Output));
        ModelGraph equalized = Equalize(graph, GraphBuilder.Uniform(5, 2, 0, 1));
        Assert.Same(graph.Nodes[0].Inputs[1]!.Data, equalized.Nodes[0].Inputs[1]!.Data);
    }

    [Fact]
    public void A_mean_over_channels_is_no_way_for_their_factors()
    {
        var builder = new GraphBuilder();
        Tensor x = builder.Input("x", 1, 2);
        Tensor hidden = builder.FullyConnected("hidden", x, [1, 0, 0, 90, 5, 5], [0, 0, 0], Activation.Relu);
        Tensor mean = builder.Node("mean", new Mean([1]), [1], hidden);
        Tensor flat = builder.Node("flat", new Reshape(), [1, 1], mean);
        builder.Output(builder.FullyConnected("y", flat, [1, 2], [0, 0]));
        Assert.Null(ChannelPath.From(builder.Graph, builder.Graph.Nodes[0]));
    }

    [Fact]
    public void A_flattened_image_belongs_to_its_channels()
    {
        var builder = new GraphBuilder();
        Tensor x = builder.Input("x", 1, 2, 2, 1);
        Tensor conv = builder.Node("conv", new Conv2D(new Window(1, 1)), [1, 2, 2, 3], x, Tensor.Constant("w", new Shape(3, 1, 1, 1), [1, 2, 3]), null);
        Tensor moved = builder.Node("moved", new Transpose([0, 3, 1, 2]), [1, 3, 2, 2], conv);
        Tensor flat = builder.Node("flat", new Reshape(), [1, 12], moved);
        builder.Output(builder.FullyConnected("y", flat, new float[12], null));
        ChannelPath path = ChannelPath.From(builder.Graph, builder.Graph.Nodes[0])!;
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2], Enumerable.Range(0, 12).Select(path.ChannelOfWeight));
    }

    private static ModelGraph TwoLayers(Activation activation)
    {
        var builder = new GraphBuilder();
        Tensor x = builder.Input("x", 1, 2);
        Tensor hidden = builder.FullyConnected("hidden", x, [0.01f, 0.005f, 2, 1, 0.3f, 0.2f], [0, 0, 0], activation);
        return builder.Output(builder.FullyConnected("y", hidden, [50, -0.1f, 2, -40, 0.2f, 1], [0, 0])).Graph;
    }

    private static float[] Magnitudes(ModelGraph graph, float[][][] samples) =>
        ChannelMagnitudes.Of(new FloatExecutor(graph), samples, null, TestContext.Current.CancellationToken)[graph.Nodes[0].Output];

    private static ModelGraph Equalize(ModelGraph graph, float[][][] samples) =>
        CrossLayerEqualization.Apply(graph, ChannelMagnitudes.Of(new FloatExecutor(graph), samples, null, TestContext.Current.CancellationToken));
}
