using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using K = EdgeMl.Mcu.Runtime.Kernels.FullyConnected;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Fully connected layers.</summary>
internal static class LinearLowering
{
    /// <summary>FullyConnected. With one scale for all weights, <c>s_in * s_w</c> is a float32 product (as in the TensorFlow Lite reference).</summary>
    public static void FullyConnected(Node node, FullyConnected op, ProgramBuilder builder)
    {
        Shape shape = node.Inputs[1]!.Shape;
        sbyte[] weights = ChannelTableBuilder.Weights(node, shape[0]);
        Quantization scales = node.Inputs[1]!.Quantization!;
        int weightZeroPoint = scales.IsPerChannel ? 0 : scales.ZeroPoint;
        Add(node, op.Name, weights, shape[1], shape[0], op.Activation, weightZeroPoint, Multipliers(node), builder);
    }

    /// <summary>The rescaling of each output channel of a FullyConnected.</summary>
    public static QuantizedMultiplier[] Multipliers(Node node)
    {
        Quantization input = ProgramBuilder.Int8(node.Input);
        Quantization output = ProgramBuilder.Int8(node.Output);
        Quantization scales = node.Inputs[1]!.Quantization!;
        int channels = node.Inputs[1]!.Shape[0];
        return scales.IsPerChannel
            ? ChannelTableBuilder.Multipliers(input, scales, output, channels)
            : [.. Enumerable.Repeat(QuantizedMultiplier.FromReal((double)(float)(input.Scale * scales.Scale) / output.Scale), channels)];
    }

    /// <summary>Adds a layer that multiplies rows of <paramref name="depth"/> activations with weights [channels, depth].</summary>
    public static void Add(Node node, string name, sbyte[] weights, int depth, int channels, Activation activation, int weightZeroPoint, QuantizedMultiplier[] multipliers, ProgramBuilder builder)
    {
        Quantization input = ProgramBuilder.Int8(node.Input);
        Quantization output = ProgramBuilder.Int8(node.Output);
        if (weightZeroPoint is < -128 or > 127)
            throw new LoweringException($"its weights have the zero point {weightZeroPoint}");
        int batches = node.Input.Shape.ElementCount / depth;
        var parameters = new int[K.Count];
        parameters[K.Batches] = batches;
        parameters[K.InputDepth] = depth;
        parameters[K.OutputDepth] = channels;
        parameters[K.OutputZeroPoint] = output.ZeroPoint;
        parameters[K.WeightZeroPoint] = weightZeroPoint;
        (parameters[K.ActivationMin], parameters[K.ActivationMax]) = ActivationRange.Of(activation, output);
        ArenaBuffer read = builder.Read(node.Input);
        builder.Add(new DeviceLayer
        {
            Name = node.Name,
            Operator = name,
            Kernel = OpCode.FullyConnected,
            Parameters = parameters,
            Reads = [new ArenaReference(K.Input, read, 0)],
            Writes = [new ArenaReference(K.Output, builder.Write(node.Output), 0)],
            Weights = ChannelTableBuilder.Build(node, weights, channels, input.ZeroPoint, weightZeroPoint, multipliers),
            OutputShape = node.Output.Shape,
            Macs = (long)batches * weights.Length,
            WeightCount = weights.Length,
        });
    }
}
