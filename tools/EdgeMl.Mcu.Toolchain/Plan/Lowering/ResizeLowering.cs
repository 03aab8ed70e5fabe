using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using K = EdgeMl.Mcu.Runtime.Kernels.ResizeBilinear;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Interpolating resizes.</summary>
internal static class ResizeLowering
{
    private const int One = 1 << 10;

    /// <summary>ResizeBilinear with positions in Q10, rounded as in the TensorFlow Lite reference.</summary>
    public static void Bilinear(Node node, ResizeBilinear op, ProgramBuilder builder)
    {
        MoveLowering.RequireSameQuantization(node.Input, node.Output);
        Shape input = node.Input.Shape;
        Shape output = node.Output.Shape;
        if (new[] { input[1], input[2], output[1], output[2] }.Any(extent => extent > K.MaxExtent))
            throw new LoweringException($"it resizes {input} to {output}; heights and widths end at {K.MaxExtent}");
        var parameters = new int[K.Count];
        parameters[K.Batches] = input[0];
        parameters[K.InputHeight] = input[1];
        parameters[K.InputWidth] = input[2];
        parameters[K.OutputHeight] = output[1];
        parameters[K.OutputWidth] = output[2];
        parameters[K.Channels] = input[3];
        (parameters[K.RowScale], parameters[K.RowOffset]) = Positions(input[1], output[1], op);
        (parameters[K.ColumnScale], parameters[K.ColumnOffset]) = Positions(input[2], output[2], op);
        ArenaBuffer read = builder.Read(node.Input);
        builder.Add(new DeviceLayer
        {
            Name = node.Name,
            Operator = op.Name,
            Kernel = OpCode.ResizeBilinear,
            Parameters = parameters,
            Reads = [new ArenaReference(K.Input, read, 0)],
            Writes = [new ArenaReference(K.Output, builder.Write(node.Output), 0)],
            OutputShape = output,
        });
    }

    private static (int Scale, int Offset) Positions(int input, int output, ResizeBilinear op)
    {
        int scale = op.AlignCorners && output > 1
            ? ((One * (input - 1)) + ((output - 1) / 2)) / (output - 1)
            : ((One * input) + (output / 2)) / output;
        return (scale, op.HalfPixelCenters ? (scale / 2) - (One / 2) : 0);
    }
}
