using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using Conv2DKernel = EdgeMl.Mcu.Runtime.Kernels.Conv2D;
using DepthwiseKernel = EdgeMl.Mcu.Runtime.Kernels.DepthwiseConv2D;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Convolutions and pools.</summary>
internal static class WindowLowering
{
    /// <summary>Conv2D; a pointwise one runs as a fully connected layer over positions.</summary>
    public static void Conv2D(Node node, Conv2D op, ProgramBuilder builder)
    {
        Shape filter = node.Inputs[1]!.Shape;
        sbyte[] weights = ChannelTableBuilder.Weights(node, filter[0]);
        Quantization input = ProgramBuilder.Int8(node.Input);
        Quantization output = ProgramBuilder.Int8(node.Output);
        QuantizedMultiplier[] multipliers = Multipliers(node, filter[0]);
        int groups = node.Input.Shape[3] / filter[3];
        if (IsPointwise(op.Window) && groups == 1)
        {
            LinearLowering.Add(node, op.Name, weights, filter[3], filter[0], op.Activation, 0, multipliers, builder);
            return;
        }
        int[] parameters = Parameters(node, Conv2DKernel.Count, op.Window, op.Activation);
        parameters[Conv2DKernel.InputZeroPoint] = input.ZeroPoint;
        parameters[Conv2DKernel.OutputZeroPoint] = output.ZeroPoint;
        parameters[Conv2DKernel.Groups] = groups;
        byte[] bytes = ChannelTableBuilder.Build(node, weights, filter[0], input.ZeroPoint, 0, multipliers);
        int taps = filter[1] * filter[2] * filter[3];
        if (FourBitPacking.Applies(node))
            Add(node, OpCode.Conv2DInt4, parameters, FourBitPacking.Pack(bytes, taps, filter[0]), weights.Length, taps, builder);
        else
            Add(node, OpCode.Conv2D, parameters, bytes, weights.Length, taps, builder);
    }

    /// <summary>DepthwiseConv2D; one with a single input channel is a Conv2D, whose weights lie alike.</summary>
    public static void DepthwiseConv2D(Node node, DepthwiseConv2D op, ProgramBuilder builder)
    {
        Shape filter = node.Inputs[1]!.Shape;
        int channels = filter[3];
        int taps = filter[1] * filter[2];
        sbyte[] weights = ChannelTableBuilder.DepthwiseWeights(node);
        Quantization input = ProgramBuilder.Int8(node.Input);
        Quantization output = ProgramBuilder.Int8(node.Output);
        QuantizedMultiplier[] multipliers = Multipliers(node, channels);
        byte[] bytes = ChannelTableBuilder.Build(node, weights, channels, input.ZeroPoint, 0, multipliers);
        if (node.Input.Shape[3] == 1)
        {
            int[] single = Parameters(node, Conv2DKernel.Count, op.Window, op.Activation);
            single[Conv2DKernel.InputZeroPoint] = input.ZeroPoint;
            single[Conv2DKernel.OutputZeroPoint] = output.ZeroPoint;
            single[Conv2DKernel.Groups] = 1;
            Add(node, OpCode.Conv2D, single, bytes, weights.Length, taps, builder);
            return;
        }
        int[] parameters = Parameters(node, DepthwiseKernel.Count, op.Window, op.Activation);
        parameters[DepthwiseKernel.InputZeroPoint] = input.ZeroPoint;
        parameters[DepthwiseKernel.OutputZeroPoint] = output.ZeroPoint;
        Add(node, OpCode.DepthwiseConv2D, parameters, bytes, weights.Length, taps, builder);
    }

    /// <summary>AveragePool2D whose padding does not count.</summary>
    public static void AveragePool2D(Node node, AveragePool2D op, ProgramBuilder builder)
    {
        if (op.CountIncludesPadding && op.Window.HasPadding)
            throw new LoweringException("its average counts padding");
        Pool(node, OpCode.AveragePool2D, op.Window, op.Activation, builder);
    }

    /// <summary>A pool, which needs one quantisation for input and output.</summary>
    public static void Pool(Node node, OpCode kernel, Window window, Activation activation, ProgramBuilder builder)
    {
        MoveLowering.RequireSameQuantization(node.Input, node.Output);
        Add(node, kernel, Parameters(node, P.Count, window, activation), [], 0, 0, builder);
    }

    private static bool IsPointwise(Window window) => window with { DilationHeight = 1, DilationWidth = 1 } == new Window(1, 1);

    /// <summary>The rescaling of each output channel of a Conv2D or DepthwiseConv2D.</summary>
    public static QuantizedMultiplier[] Multipliers(Node node, int channels) =>
        ChannelTableBuilder.Multipliers(ProgramBuilder.Int8(node.Input), Symmetric(node), ProgramBuilder.Int8(node.Output), channels);

    /// <summary>Scales of weights whose zero points are all 0.</summary>
    /// <exception cref="LoweringException">One is not.</exception>
    public static Quantization Symmetric(Node node)
    {
        Quantization scales = node.Inputs[1]!.Quantization!;
        return Array.TrueForAll(scales.ZeroPoints, point => point == 0) ? scales : throw new LoweringException("its weights have a zero point other than 0");
    }

    /// <summary>An array of <paramref name="count"/> parameters that begins with the window's.</summary>
    public static int[] Parameters(Node node, int count, Window window, Activation activation)
    {
        Shape input = node.Input.Shape;
        Shape output = node.Output.Shape;
        var parameters = new int[count];
        parameters[P.Batches] = input[0];
        parameters[P.InputHeight] = input[1];
        parameters[P.InputWidth] = input[2];
        parameters[P.InputChannels] = input[3];
        parameters[P.OutputHeight] = output[1];
        parameters[P.OutputWidth] = output[2];
        parameters[P.OutputChannels] = output[3];
        parameters[P.KernelHeight] = window.KernelHeight;
        parameters[P.KernelWidth] = window.KernelWidth;
        parameters[P.StrideHeight] = window.StrideHeight;
        parameters[P.StrideWidth] = window.StrideWidth;
        parameters[P.DilationHeight] = window.DilationHeight;
        parameters[P.DilationWidth] = window.DilationWidth;
        parameters[P.PadTop] = window.PadTop;
        parameters[P.PadLeft] = window.PadLeft;
        for (int i = P.Batches; i <= P.PadLeft; i++)
        {
            if (parameters[i] is < 0 or > P.MaxExtent)
                throw new LoweringException($"a size, stride or padding of it is {parameters[i]}; they are 0 to {P.MaxExtent}");
        }
        (parameters[P.ActivationMin], parameters[P.ActivationMax]) = ActivationRange.Of(activation, node.Output);
        return parameters;
    }

    private static void Add(Node node, OpCode kernel, int[] parameters, byte[] weights, int weightCount, int macsPerOutput, ProgramBuilder builder)
    {
        builder.Add(node, kernel, parameters, weights, macs: (long)node.Output.Shape.ElementCount * macsPerOutput, weightCount: weightCount);
    }
}
