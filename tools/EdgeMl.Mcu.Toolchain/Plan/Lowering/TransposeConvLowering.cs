using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using K = EdgeMl.Mcu.Runtime.Kernels.TransposeConv2D;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Transposed convolutions.</summary>
internal static class TransposeConvLowering
{
    /// <summary>TransposeConv2D; a dilated filter is written out with zeros between its taps.</summary>
    public static void Lower(Node node, TransposeConv2D op, ProgramBuilder builder)
    {
        Shape filter = node.Inputs[1]!.Shape;
        int channels = filter[0];
        Quantization input = ProgramBuilder.Int8(node.Input);
        Quantization output = ProgramBuilder.Int8(node.Output);
        sbyte[] weights = ChannelTableBuilder.Weights(node, channels);
        Window window = Dense(op.Window);
        int[] parameters = WindowLowering.Parameters(node, K.Count, window, op.Activation);
        parameters[K.InputZeroPoint] = input.ZeroPoint;
        parameters[K.OutputZeroPoint] = output.ZeroPoint;
        QuantizedMultiplier[] multipliers = ChannelTableBuilder.Multipliers(input, WindowLowering.Symmetric(node), output, channels);
        sbyte[] dense = Dilate(weights, filter, op.Window, window);
        ArenaBuffer read = builder.Read(node.Input);
        builder.Add(new DeviceLayer
        {
            Name = node.Name,
            Operator = op.Name,
            Kernel = OpCode.TransposeConv2D,
            Parameters = parameters,
            Reads = [new ArenaReference(P.Input, read, 0)],
            Writes = [new ArenaReference(P.Output, builder.Write(node.Output), 0)],
            Weights = ChannelTableBuilder.Build(node, dense, channels, 0, 0, multipliers),
            OutputShape = node.Output.Shape,
            Macs = (long)node.Input.Shape.ElementCount / filter[3] * weights.Length,
            WeightCount = weights.Length,
        });
    }

    /// <summary>The window of a filter that is written out without dilation.</summary>
    /// <exception cref="LoweringException">Padding before the first row or column is negative.</exception>
    internal static Window Dense(Window window)
    {
        if (window.PadTop < 0 || window.PadLeft < 0)
            throw new LoweringException($"it has the padding {window.PadTop}, {window.PadLeft} at the top and left");
        return window with
        {
            KernelHeight = ((window.KernelHeight - 1) * window.DilationHeight) + 1,
            KernelWidth = ((window.KernelWidth - 1) * window.DilationWidth) + 1,
            DilationHeight = 1,
            DilationWidth = 1,
        };
    }

    /// <summary>Weights [OC, KH, KW, C] with zeros between the taps of a dilated window.</summary>
    internal static sbyte[] Dilate(sbyte[] weights, Shape filter, Window window, Window dense)
    {
        if (window.DilationHeight == 1 && window.DilationWidth == 1)
            return weights;
        int depth = filter[3];
        var result = new sbyte[checked(filter[0] * dense.KernelHeight * dense.KernelWidth * depth)];
        for (int tap = 0; tap < filter[0] * filter[1] * filter[2]; tap++)
        {
            int kx = tap % filter[2], ky = tap / filter[2] % filter[1], channel = tap / filter[2] / filter[1];
            int target = (((channel * dense.KernelHeight) + (ky * window.DilationHeight)) * dense.KernelWidth) + (kx * window.DilationWidth);
            Array.Copy(weights, tap * depth, result, target * depth, depth);
        }
        return result;
    }
}
