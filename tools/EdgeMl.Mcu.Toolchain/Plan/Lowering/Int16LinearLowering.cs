using System.Buffers.Binary;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using ChannelTable = EdgeMl.Mcu.Runtime.Kernels.ChannelTable;
using K = EdgeMl.Mcu.Runtime.Typed.Conv2DInt16;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;
using PoolKernel = EdgeMl.Mcu.Runtime.Typed.Pool2DInt16;
using WideChannelTable = EdgeMl.Mcu.Runtime.Typed.WideChannelTable;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Linear layers and pools with int16 activations and int8 weights (16x8). One kernel runs all linear layers.</summary>
internal static class Int16LinearLowering
{
    /// <summary>Convolution.</summary>
    public static void Conv2D(Node node, Conv2D op, ProgramBuilder builder)
    {
        Shape filter = node.Inputs[1]!.Shape;
        sbyte[] weights = ChannelTableBuilder.Weights(node, filter[0]);
        int[] parameters = WindowLowering.Parameters(node, K.Count, op.Window, op.Activation);
        parameters[K.Groups] = node.Input.Shape[3] / filter[3];
        Add(node, parameters, weights, filter[0], Multipliers(node, filter[0]), builder);
    }

    /// <summary>Depthwise convolution: as many groups as input channels.</summary>
    public static void DepthwiseConv2D(Node node, DepthwiseConv2D op, ProgramBuilder builder)
    {
        if (node.InputOrNull(2)?.Data is int[])
            throw new LoweringException("its bias is int32, which the reference reads as int64");
        Shape filter = node.Inputs[1]!.Shape;
        sbyte[] weights = ChannelTableBuilder.DepthwiseWeights(node);
        int[] parameters = WindowLowering.Parameters(node, K.Count, op.Window, op.Activation);
        parameters[K.Groups] = node.Input.Shape[3];
        Add(node, parameters, weights, filter[3], Multipliers(node, filter[3]), builder);
    }

    /// <summary>Transposed convolution.</summary>
    public static void TransposeConv2D(Node node, TransposeConv2D op, ProgramBuilder builder)
    {
        RequireInt16(node);
        Shape filter = node.Inputs[1]!.Shape;
        sbyte[] weights = ChannelTableBuilder.Weights(node, filter[0]);
        Window window = TransposeConvLowering.Dense(op.Window);
        sbyte[] dense = TransposeConvLowering.Dilate(weights, filter, op.Window, window);
        byte[] bytes = Table(dense, filter[0], Bias(node, filter[0]), Multipliers(node, filter[0]), true);
        builder.Add(node, OpCode.TransposeConv2DInt16, WindowLowering.Parameters(node, P.Count, window, op.Activation), bytes,
            macs: (long)node.Input.Shape.ElementCount / filter[3] * weights.Length, weightCount: weights.Length);
    }

    /// <summary>Fully connected layer: a 1x1 convolution whose columns are the rows of the input.</summary>
    public static void FullyConnected(Node node, FullyConnected op, ProgramBuilder builder)
    {
        Shape filter = node.Inputs[1]!.Shape;
        sbyte[] weights = ChannelTableBuilder.Weights(node, filter[0]);
        Quantization scales = WindowLowering.Symmetric(node);
        float inputScale = ProgramBuilder.Activation(node.Input).Scale;
        float outputScale = ProgramBuilder.Activation(node.Output).Scale;
        QuantizedMultiplier[] multipliers = scales.IsPerChannel
            ? Multipliers(node, filter[0])
            : [.. Enumerable.Repeat(QuantizedMultiplier.FromReal((double)(float)(inputScale * scales.Scale) / outputScale), filter[0])];
        var parameters = new int[K.Count];
        Array.Fill(parameters, 1, P.Batches, P.DilationWidth - P.Batches + 1);
        parameters[P.InputWidth] = parameters[P.OutputWidth] = node.Input.Shape.ElementCount / filter[1];
        parameters[P.InputChannels] = filter[1];
        parameters[P.OutputChannels] = filter[0];
        parameters[K.Groups] = 1;
        (parameters[P.ActivationMin], parameters[P.ActivationMax]) = ActivationRange.Of(op.Activation, node.Output);
        Add(node, parameters, weights, filter[0], multipliers, builder);
    }

    /// <summary>Average or maximum pool.</summary>
    public static void Pool(Node node, bool average, Window window, Activation activation, ProgramBuilder builder)
    {
        MoveLowering.RequireSameQuantization(node.Input, node.Output);
        RequireInt16(node);
        int[] parameters = WindowLowering.Parameters(node, PoolKernel.Count, window, activation);
        parameters[PoolKernel.Average] = average ? 1 : 0;
        builder.Add(node, OpCode.Pool2DInt16, parameters);
    }

    /// <summary>Checks that all activations are int16 with the zero point 0.</summary>
    public static void RequireInt16(Node node)
    {
        foreach (Tensor tensor in node.Inputs.OfType<Tensor>().Where(tensor => !tensor.IsConstant).Concat(node.Outputs))
        {
            if (tensor.Type != ElementType.Int16)
                throw new LoweringException($"'{tensor.Name}' is {tensor.Type.JsonName()} instead of int16");
            if (ProgramBuilder.Activation(tensor).ZeroPoint != 0)
                throw new LoweringException($"'{tensor.Name}' is int16 with the zero point {ProgramBuilder.Activation(tensor).ZeroPoint} instead of 0");
        }
    }

    private static QuantizedMultiplier[] Multipliers(Node node, int channels) =>
        ChannelTableBuilder.Multipliers(ProgramBuilder.Activation(node.Input), WindowLowering.Symmetric(node), ProgramBuilder.Activation(node.Output), channels);

    private static void Add(Node node, int[] parameters, sbyte[] weights, int channels, QuantizedMultiplier[] multipliers, ProgramBuilder builder)
    {
        RequireInt16(node);
        bool wide = node.InputOrNull(2)?.Data is not int[];
        parameters[K.Wide] = wide ? 1 : 0;
        byte[] bytes = Table(weights, channels, Bias(node, channels), multipliers, wide);
        builder.Add(node, OpCode.Conv2DInt16, parameters, bytes, macs: (long)node.Output.Shape.ElementCount * (weights.Length / channels), weightCount: weights.Length);
    }

    private static long[] Bias(Node node, int channels) => node.InputOrNull(2) is { } bias ? bias.Integers() : new long[channels];

    private static byte[] Table(sbyte[] weights, int channels, long[] bias, QuantizedMultiplier[] multipliers, bool wide)
    {
        byte[] bytes = new byte[WideChannelTable.Bytes(weights.Length, channels)];
        for (int i = 0; i < weights.Length; i++)
            bytes[i] = (byte)weights[i];
        Span<byte> table = bytes.AsSpan(ChannelTable.Start(0, weights.Length));
        for (int channel = 0; channel < channels; channel++)
        {
            QuantizedMultiplier factor = multipliers[channel];
            if (wide && factor.Shift > WideChannelTable.MaxWideShift)
                throw new LoweringException($"its rescaling factor 2^{factor.Shift} is out of range");
            BinaryPrimitives.WriteInt64LittleEndian(table[(8 * channel)..], bias[channel]);
            BinaryPrimitives.WriteInt32LittleEndian(table[((8 * channels) + (4 * channel))..], wide ? factor.Reduced() : factor.Multiplier);
            table[(12 * channels) + channel] = (byte)(sbyte)factor.Shift;
        }
        return bytes;
    }
}
