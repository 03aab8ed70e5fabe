using EdgeMl.Mcu.Toolchain.Calibrating;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Tests.Evaluate;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Calibrating;

public class LinearNodeTests
{
    [Fact]
    public void Products_of_patches_and_weights_are_what_a_convolution_gives() => Prop.ForAll(
        WindowCase.Arbitrary, Gen.Choose(1, 3).Two().ToArbitrary(), (window, outputs) =>
        {
            int groups = window.Input[3] % outputs.Item1 == 0 ? outputs.Item1 : 1, channels = groups * outputs.Item2;
            var filter = new Shape(channels, window.Window.KernelHeight, window.Window.KernelWidth, window.Input[3] / groups);
            return GivesItsOutput(new Conv2D(window.Window), window.Input, filter, window.Output(channels), window.Seed);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Products_of_patches_and_weights_are_what_a_depthwise_convolution_gives() => Prop.ForAll(
        WindowCase.Arbitrary, Gen.Choose(1, 3).ToArbitrary(), (window, multiplier) =>
        {
            int channels = window.Input[3] * multiplier;
            var filter = new Shape(1, window.Window.KernelHeight, window.Window.KernelWidth, channels);
            return GivesItsOutput(new DepthwiseConv2D(window.Window), window.Input, filter, window.Output(channels), window.Seed);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Products_of_patches_and_weights_are_what_a_transposed_convolution_gives() => Prop.ForAll(
        WindowCase.Arbitrary, Gen.Choose(1, 3).ToArbitrary(), (window, channels) =>
        {
            Window spread = window.Window with { PadTop = 0, PadLeft = 0, PadBottom = -1, PadRight = 0 };
            var output = new Shape(window.Input[0], spread.TransposedHeight(window.Input[1]), spread.TransposedWidth(window.Input[2]), channels);
            var filter = new Shape(channels, spread.KernelHeight, spread.KernelWidth, window.Input[3]);
            return GivesItsOutput(new TransposeConv2D(spread), window.Input, filter, output, window.Seed);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Products_of_patches_and_weights_are_what_a_fully_connected_layer_gives() => Prop.ForAll(
        Gen.Choose(1, 3).ToArbitrary(), Gen.Choose(1, 40).ToArbitrary(), Gen.Choose(1, 5).ToArbitrary(), (batches, inputs, outputs) =>
            GivesItsOutput(new FullyConnected(), new Shape(batches, inputs), new Shape(outputs, inputs), new Shape(batches, outputs), inputs))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Layers_whose_weights_are_computed_are_none()
    {
        var x = new Tensor("x", ElementType.Float32, new Shape(1, 2));
        var w = new Tensor("w", ElementType.Float32, new Shape(2, 2));
        var y = new Tensor("y", ElementType.Float32, new Shape(1, 2));
        Assert.Null(LinearNode.Of(new Node("layer", new FullyConnected(), [x, w], y)));
        Assert.Null(LinearNode.Of(new Node("sum", new Binary(BinaryKind.Add), [x, w], y)));
    }

    private static bool GivesItsOutput(Operator op, Shape input, Shape filter, Shape output, int seed)
    {
        float[] values = Nodes.Random(seed, input), weights = Nodes.Random(seed + 1, filter);
        var x = new Tensor("x", ElementType.Float32, input);
        var graph = new ModelGraph { Name = "layer" };
        graph.Inputs.Add(new GraphPort(x));
        graph.Nodes.Add(new Node("y", op, [x, Tensor.Constant("w", filter, weights)], new Tensor("y", ElementType.Float32, output)));
        graph.Outputs.Add(new GraphPort(graph.Nodes[0].Output));

        LinearNode layer = LinearNode.Of(graph.Nodes[0])!;
        var products = new double[output.ElementCount];
        var patch = new float[layer.Taps];
        for (int i = 0; i < products.Length; i++)
        {
            int channel = i % layer.Outputs;
            layer.Gather(values, i / layer.Outputs, channel / layer.OutputsPerGroup, patch);
            products[i] = Enumerable.Range(0, layer.Taps).Sum(tap => (double)patch[tap] * weights[layer.WeightIndex(channel, tap)]);
        }
        return layer.Positions * layer.Outputs == products.Length && Nodes.AreClose(products, new FloatExecutor(graph).Run([values])[0]);
    }
}
