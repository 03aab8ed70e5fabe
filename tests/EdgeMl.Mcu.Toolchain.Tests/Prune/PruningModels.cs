using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Tests.Quantizing;

namespace EdgeMl.Mcu.Toolchain.Tests.Pruning;

/// <summary>Small graphs with random weights, and samples whose elements depend on each other as those of real data do.</summary>
internal static class PruningModels
{
    /// <summary>Input [1, 6, 6, 2], a convolution, a depthwise one, a residual block, and a fully connected layer; all with bias.</summary>
    public static ModelGraph Convolutions()
    {
        var same = new Window(3, 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1);
        var builder = new GraphBuilder();
        var random = new Random(7);
        Tensor x = builder.Input("x", 1, 6, 6, 2);
        Tensor first = builder.Node("first", new Conv2D(same, Activation.Relu), [1, 6, 6, 8], x, Weights("first", 8, 3, 3, 2), Bias("first", 8));
        Tensor depthwise = builder.Node("depthwise", new DepthwiseConv2D(same, Activation.Relu), [1, 6, 6, 8], first, Weights("depthwise", 1, 3, 3, 8), Bias("depthwise", 8));
        Tensor second = builder.Node("second", new Conv2D(new Window(1, 1)), [1, 6, 6, 8], depthwise, Weights("second", 8, 1, 1, 8), Bias("second", 8));
        Tensor sum = builder.Node("sum", new Binary(BinaryKind.Add, Activation.Relu), [1, 6, 6, 8], first, second);
        Tensor pooled = builder.Node("pooled", new MaxPool2D(new Window(2, 2, 2, 2)), [1, 3, 3, 8], sum);
        Tensor flat = builder.Node("flat", new Reshape(), [1, 72], pooled);
        builder.Output(builder.Node("y", new FullyConnected(), [1, 5], flat, Weights("y", 5, 72), Bias("y", 5)));
        return builder.Graph;

        Tensor Weights(string name, params int[] shape) =>
            Tensor.Constant(name + "/w", new Shape(shape), GraphBuilder.Values(random, new Shape(shape).ElementCount, -0.5f, 0.6f));

        Tensor Bias(string name, int count) => Tensor.Constant(name + "/b", new Shape(count), GraphBuilder.Values(random, count, -0.2f, 0.2f));
    }

    /// <summary>Samples for one input: sums of a few waves.</summary>
    public static float[][][] Samples(int count, int elements, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            (double Amplitude, double Frequency, double Phase)[] waves = [.. Enumerable.Range(1, 4).Select(i => (random.NextDouble() * 2 - 1, i * 0.13, random.NextDouble() * 6.28))];
            return new[] { Enumerable.Range(0, elements).Select(i => (float)(waves.Sum(wave => wave.Amplitude * Math.Sin(wave.Frequency * i + wave.Phase)) + 0.1 * random.NextDouble())).ToArray() };
        })];
    }
}
