using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using FourBitRows = EdgeMl.Mcu.Runtime.Kernels.FourBitRows;
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
        byte[] bytes = ChannelTableBuilder.Build(node, weights, channels, input.ZeroPoint, weightZeroPoint, multipliers);
        bool isPacked = FourBitPacking.Applies(node);
        int rowBytes = isPacked ? FourBitRows.Bytes(depth) : depth;
        if (isPacked)
            bytes = FourBitPacking.Pack(bytes, depth, channels);
        (int low, int high) = ActivationRange.Of(activation, output);
        ArenaBuffer read = builder.Read(node.Input);
        ArenaBuffer write = builder.Write(node.Output);
        foreach ((int first, int count) in RowSlices.Of(rowBytes, channels, batches == 1 ? builder.PageBytes : int.MaxValue))
        {
            var parameters = new int[K.Count];
            parameters[K.Batches] = batches;
            parameters[K.InputDepth] = depth;
            parameters[K.OutputDepth] = count;
            parameters[K.OutputZeroPoint] = output.ZeroPoint;
            parameters[K.WeightZeroPoint] = weightZeroPoint;
            parameters[K.ActivationMin] = low;
            parameters[K.ActivationMax] = high;
            builder.Add(new DeviceLayer
            {
                Name = count == channels ? node.Name : $"{node.Name} [{first}..{first + count - 1}]",
                Operator = name,
                Kernel = isPacked ? OpCode.FullyConnectedInt4 : OpCode.FullyConnected,
                Parameters = parameters,
                Reads = [new ArenaReference(K.Input, read, 0)],
                Writes = [new ArenaReference(K.Output, write, first)],
                Weights = count == channels ? bytes : RowSlices.Cut(bytes, rowBytes, channels, first, count),
                OutputShape = count == channels ? node.Output.Shape : new Shape(1, count),
                Macs = (long)batches * depth * count,
                WeightCount = depth * count,
            });
        }
    }
}
