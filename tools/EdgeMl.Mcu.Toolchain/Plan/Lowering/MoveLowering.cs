using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using FillKernel = EdgeMl.Mcu.Runtime.Kernels.Fill;
using K = EdgeMl.Mcu.Runtime.Kernels.StridedCopy;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Operators that move values without changing them.</summary>
internal static class MoveLowering
{
    /// <summary>Values only move, so both sides must mean the same.</summary>
    /// <exception cref="LoweringException">The types or quantisations differ.</exception>
    public static void RequireSameQuantization(Tensor input, Tensor output)
    {
        RequireSameType(input, output);
        Quantization from = ProgramBuilder.Activation(input);
        Quantization to = ProgramBuilder.Activation(output);
        if (!from.SameAs(to))
            throw new LoweringException($"its input has the scale {from.Scale} and zero point {from.ZeroPoint}, its output {to.Scale} and {to.ZeroPoint}");
    }

    /// <summary>Reshape: the same bytes under another name.</summary>
    public static void Reshape(Node node, ProgramBuilder builder)
    {
        ProgramBuilder.Activation(node.Output);
        RequireSameType(node.Input, node.Output);
        builder.Alias(node.Output, node.Input);
    }

    /// <summary>Transpose: reads with permuted strides.</summary>
    public static void Transpose(Node node, Transpose op, ProgramBuilder builder)
    {
        RequireSameQuantization(node.Input, node.Output);
        int[] strides = node.Input.Shape.Strides();
        int[] permuted = Array.ConvertAll(op.Permutation, axis => strides[axis]);
        Copy(node, node.Input, 0, permuted, builder.Write(node.Output), 0, node.Output.Shape.Strides(), node.Output.Shape, builder);
    }

    /// <summary>StridedSlice: reads from an offset with multiplied strides.</summary>
    public static void StridedSlice(Node node, StridedSlice op, ProgramBuilder builder) => Slice(node, op.Begin, op.Strides, builder);

    /// <summary>Reads the elements <c>begin + k * step</c> of each axis.</summary>
    public static void Slice(Node node, int[] begin, int[] step, ProgramBuilder builder)
    {
        RequireSameQuantization(node.Input, node.Output);
        int[] strides = node.Input.Shape.Strides();
        int offset = 0;
        var steps = new int[strides.Length];
        for (int axis = 0; axis < strides.Length; axis++)
        {
            offset += begin[axis] * strides[axis];
            steps[axis] = step[axis] * strides[axis];
        }
        Copy(node, node.Input, offset, steps, builder.Write(node.Output), 0, node.Output.Shape.Strides(), node.Output.Shape, builder);
    }

    /// <summary>BroadcastTo: reads with stride 0 along repeated axes.</summary>
    public static void BroadcastTo(Node node, ProgramBuilder builder)
    {
        RequireSameQuantization(node.Input, node.Output);
        Shape output = node.Output.Shape;
        Copy(node, node.Input, 0, node.Input.Shape.BroadcastStrides(output), builder.Write(node.Output), 0, output.Strides(), output, builder);
    }

    /// <summary>Concatenation: one copy an input, with the output's strides.</summary>
    public static void Concatenation(Node node, Concatenation op, ProgramBuilder builder)
    {
        foreach (Tensor? input in node.Inputs)
            RequireSameQuantization(input!, node.Output);
        int[] strides = node.Output.Shape.Strides();
        ArenaBuffer output = builder.Write(node.Output);
        int offset = 0;
        foreach (Tensor? input in node.Inputs)
        {
            Copy(node, input!, 0, input!.Shape.Strides(), output, offset, strides, input.Shape, builder);
            offset += input.Shape[op.Axis] * strides[op.Axis];
        }
    }

    /// <summary>Pad: fill with the value, then copy into the middle. The integers stay as they are even if the zero points differ, as in the TensorFlow Lite reference.</summary>
    public static void Pad(Node node, Pad op, ProgramBuilder builder)
    {
        RequireSameType(node.Input, node.Output);
        builder.Read(node.Input);
        ArenaBuffer output = builder.Write(node.Output);
        var parameters = new int[FillKernel.Count];
        parameters[FillKernel.Length] = node.Output.ByteCount;
        parameters[FillKernel.Value] = FillByte(node.Output, op.Value);
        builder.Add(new DeviceLayer
        {
            Name = node.Name,
            Operator = op.Name,
            Kernel = OpCode.Fill,
            Parameters = parameters,
            Reads = [],
            Writes = [new ArenaReference(FillKernel.Output, output, 0)],
            OutputShape = node.Output.Shape,
        });
        int[] strides = node.Output.Shape.Strides();
        int offset = 0;
        for (int axis = 0; axis < strides.Length; axis++)
            offset += op.Before[axis] * strides[axis];
        Copy(node, node.Input, 0, node.Input.Shape.Strides(), output, offset, strides, node.Input.Shape, builder);
    }

    private static void RequireSameType(Tensor input, Tensor output)
    {
        if (input.Type != output.Type)
            throw new LoweringException($"its input is {input.Type.JsonName()}, its output {output.Type.JsonName()}");
    }

    private static void Copy(
        Node node, Tensor source, int sourceOffset, int[] sourceStrides, ArenaBuffer output, int outputOffset, int[] outputStrides, Shape extent, ProgramBuilder builder)
    {
        int size = source.Type.Size();
        List<(int Size, int From, int To)> axes = MergeAxes(extent, sourceStrides, outputStrides, size);
        if (axes.Count > K.Rank)
            throw new LoweringException($"it moves {axes.Count} axes, more than {K.Rank}");
        var parameters = new int[K.Count];
        for (int i = 0; i < K.Rank; i++)
        {
            int axis = i - (K.Rank - axes.Count);
            parameters[K.Shape + i] = axis < 0 ? 1 : axes[axis].Size;
            parameters[K.InputStrides + i] = axis < 0 ? 0 : axes[axis].From;
            parameters[K.OutputStrides + i] = axis < 0 ? 0 : axes[axis].To;
        }
        builder.Add(new DeviceLayer
        {
            Name = node.Name,
            Operator = node.Operator.Name,
            Kernel = OpCode.StridedCopy,
            Parameters = parameters,
            Reads = [new ArenaReference(K.Input, builder.Read(source), sourceOffset * size)],
            Writes = [new ArenaReference(K.Output, output, outputOffset * size)],
            OutputShape = node.Output.Shape,
        });
    }

    /// <summary>The byte that all bytes of the quantised value are.</summary>
    private static int FillByte(Tensor output, float value)
    {
        Quantization quantization = ProgramBuilder.Activation(output);
        int quantized = (int)QuantizedValues.Nearest(value, quantization.Scale, quantization.ZeroPoint, DeviceTypes.Limits(output.Type));
        if (output.Type.Size() > 1 && quantized is not (0 or -1))
            throw new LoweringException($"it pads {output.Type.JsonName()} with {quantized}");
        return (sbyte)quantized;
    }

    /// <summary>Axes in bytes, neighbours that move alike merged; an element of several bytes adds an axis.</summary>
    private static List<(int Size, int From, int To)> MergeAxes(Shape extent, int[] from, int[] to, int elementSize)
    {
        var axes = new List<(int Size, int From, int To)>();
        if (elementSize > 1)
            axes.Add((elementSize, 1, 1));
        for (int axis = extent.Rank - 1; axis >= 0; axis--)
        {
            if (extent[axis] == 1)
                continue;
            (int source, int target) = (from[axis] * elementSize, to[axis] * elementSize);
            if (axes.Count > 0 && source == axes[^1].From * axes[^1].Size && target == axes[^1].To * axes[^1].Size)
                axes[^1] = axes[^1] with { Size = axes[^1].Size * extent[axis] };
            else
                axes.Add((extent[axis], source, target));
        }
        if (axes.Count == 0)
            axes.Add((1, 1, 1));
        axes.Reverse();
        return axes;
    }
}
