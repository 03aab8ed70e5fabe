using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Tests.Passes.Channels;

/// <summary>Builds int8 graphs whose activations have one scale and whose weights have the scale 1, so that an accumulator is an output in units of the scale.</summary>
internal sealed class Int8GraphBuilder
{
    /// <summary>Scale of all activations.</summary>
    public const float Scale = 0.05f;

    /// <summary>The graph.</summary>
    public ModelGraph Graph { get; } = new() { Name = "int8" };

    /// <summary>An input.</summary>
    public Tensor Input(int zeroPoint, params int[] shape)
    {
        var tensor = new Tensor($"input_{Graph.Inputs.Count}", ElementType.Int8, new Shape(shape), new Quantization(Scale, zeroPoint));
        Graph.Inputs.Add(new GraphPort(tensor));
        return tensor;
    }

    /// <summary>Any node.</summary>
    public Tensor Node(Operator op, int zeroPoint, int[] shape, params Tensor?[] inputs)
    {
        var output = new Tensor($"{op.Name}_{Graph.Nodes.Count}", ElementType.Int8, new Shape(shape), new Quantization(Scale, zeroPoint));
        Graph.Nodes.Add(new Node(output.Name, op, inputs, output));
        return output;
    }

    /// <summary>A convolution [OC,KH,KW,C] of an image with the zero point -128 at its output.</summary>
    public Tensor Conv(Tensor x, Window window, sbyte[] weights, int[] bias, Activation activation = Activation.None)
    {
        int outputs = bias.Length;
        var shape = new Shape(outputs, window.KernelHeight, window.KernelWidth, x.Shape[3]);
        return Node(new Conv2D(window, activation), -128, [1, window.OutputHeight(x.Shape[1]), window.OutputWidth(x.Shape[2]), outputs], x, Weights(shape, weights), Bias(bias));
    }

    /// <summary>A depthwise convolution [1,KH,KW,C] of an image with the zero point -128 at its output.</summary>
    public Tensor Depthwise(Tensor x, Window window, sbyte[] weights, int[] bias, Activation activation = Activation.None)
    {
        var shape = new Shape(1, window.KernelHeight, window.KernelWidth, bias.Length);
        return Node(new DepthwiseConv2D(window, activation), -128, [1, window.OutputHeight(x.Shape[1]), window.OutputWidth(x.Shape[2]), bias.Length], x, Weights(shape, weights), Bias(bias));
    }

    /// <summary>Makes a tensor the output.</summary>
    public ModelGraph Output(Tensor tensor)
    {
        Graph.Outputs.Add(new GraphPort(tensor));
        return Graph;
    }

    /// <summary>Weights with the scale 1.</summary>
    public Tensor Weights(Shape shape, sbyte[] data) => new($"w_{Graph.Nodes.Count}", ElementType.Int8, shape, new Quantization(1, 0), data);

    /// <summary>A bias.</summary>
    public Tensor Bias(int[] data) => new($"b_{Graph.Nodes.Count}", ElementType.Int32, new Shape(data.Length), null, data);
}
