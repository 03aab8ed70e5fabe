using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Tests.Quantizing;

/// <summary>Random small float networks of convolutions, pools, means and fully connected layers, all with biases.</summary>
internal static class RandomConvolutions
{
    private static readonly Window Same3 = new(3, 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1);

    /// <summary>The network of a seed; its input is 1x6x6 with one to three channels, its output a vector.</summary>
    public static ModelGraph Create(int seed)
    {
        var random = new Random(seed);
        var builder = new GraphBuilder();
        Tensor x = builder.Input("x", 1, 6, 6, random.Next(1, 4));
        int layers = random.Next(1, 4);
        for (int i = 0; i < layers; i++)
            x = Layer(builder, x, $"layer{i}", random);
        x = random.Next(3) switch
        {
            0 => builder.Node("mean", new Mean([1, 2]), [1, x.Shape[3]], x),
            1 => Moved(builder, x),
            _ => builder.Node("flat", new Reshape(), [1, x.Shape.ElementCount], x),
        };
        Tensor hidden = Connected(builder, x, "hidden", random.Next(2, 6), random.Next(2) == 0 ? Activation.Relu : Activation.None, random);
        return builder.Output(Connected(builder, hidden, "y", 3, Activation.None, random)).Graph;
    }

    private static Tensor Layer(GraphBuilder builder, Tensor x, string name, Random random)
    {
        int channels = x.Shape[3];
        var activation = (Activation)random.Next(4);
        switch (random.Next(4))
        {
            case 0:
                int multiplier = random.Next(1, 3);
                return builder.Node(
                    name, new DepthwiseConv2D(Same3, activation), [1, x.Shape[1], x.Shape[2], channels * multiplier], x,
                    Constant(name + "/w", random, 1, 3, 3, channels * multiplier), Constant(name + "/b", random, channels * multiplier));
            case 1 when x.Shape[1] > 2:
                Operator pool = random.Next(2) == 0 ? new MaxPool2D(new Window(2, 2, 2, 2)) : new AveragePool2D(new Window(2, 2, 2, 2));
                return builder.Node(name, pool, [1, x.Shape[1] / 2, x.Shape[2] / 2, channels], x);
            case 2:
                Tensor padded = builder.Node(name + "/pad", new Pad([0, 0, 1, 0], [0, 0, 1, 0]), [1, x.Shape[1], x.Shape[2] + 2, channels], x);
                return Convolution(padded, new Window(1, 3), x.Shape[2]);
            default:
                return Convolution(x, Same3, x.Shape[2]);
        }

        Tensor Convolution(Tensor input, Window window, int width)
        {
            int outputs = random.Next(1, 6), groups = input.Shape[3] % 2 == 0 && random.Next(2) == 0 ? 2 : 1;
            outputs *= groups;
            return builder.Node(
                name, new Conv2D(window, activation), [1, input.Shape[1], width, outputs], input,
                Constant(name + "/w", random, outputs, window.KernelHeight, window.KernelWidth, input.Shape[3] / groups), Constant(name + "/b", random, outputs));
        }
    }

    private static Tensor Moved(GraphBuilder builder, Tensor x)
    {
        Tensor moved = builder.Node("moved", new Transpose([0, 3, 1, 2]), [1, x.Shape[3], x.Shape[1], x.Shape[2]], x);
        return builder.Node("flat", new Reshape(), [1, x.Shape.ElementCount], moved);
    }

    private static Tensor Connected(GraphBuilder builder, Tensor x, string name, int outputs, Activation activation, Random random) => builder.Node(
        name, new FullyConnected(activation), [1, outputs], x, Constant(name + "/w", random, outputs, x.Shape[1]), Constant(name + "/b", random, outputs));

    /// <summary>Values whose magnitude differs much from one output channel to the next.</summary>
    private static Tensor Constant(string name, Random random, params int[] shape)
    {
        float[] values = GraphBuilder.Values(random, new Shape(shape).ElementCount, -0.5f, 0.5f);
        for (int i = 0; i < values.Length; i++)
            values[i] *= 1 + i % 3;
        return Tensor.Constant(name, new Shape(shape), values);
    }
}
