using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using K = EdgeMl.Mcu.Runtime.Kernels.BatchMatMul;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Matrix products of activations; one with a constant matrix is a fully connected layer.</summary>
internal static class BatchMatMulLowering
{
    /// <summary>BatchMatMul. <c>s1 * s2</c> is a float32 product (as in the TensorFlow Lite reference).</summary>
    public static void Lower(Node node, BatchMatMul op, ProgramBuilder builder)
    {
        Tensor first = node.Input;
        Tensor second = node.Inputs[1]!;
        Quantization left = ProgramBuilder.Int8(first);
        Quantization right = ProgramBuilder.Int8(second);
        QuantizedMultiplier multiplier = QuantizedMultiplier.FromReal((double)(float)(left.Scale * right.Scale) / ProgramBuilder.Int8(node.Output).Scale);
        if (second.Data is sbyte[] matrix && matrix.Length == second.Shape[-1] * second.Shape[-2] && !op.TransposeFirst)
        {
            int columns = node.Output.Shape[-1];
            int depth = first.Shape[-1];
            sbyte[] weights = op.TransposeSecond ? matrix : (sbyte[])ConstantData.Transpose(matrix, new Shape(depth, columns), [1, 0]);
            LinearLowering.Add(node, op.Name, weights, depth, columns, Activation.None, right.ZeroPoint, [.. Enumerable.Repeat(multiplier, columns)], builder);
            return;
        }
        AddLayer(node, op, OpCode.BatchMatMul, multiplier, builder);
    }

    /// <summary>BatchMatMul of int16, with 64-bit accumulators.</summary>
    public static void LowerInt16(Node node, BatchMatMul op, ProgramBuilder builder)
    {
        Int16LinearLowering.RequireInt16(node);
        if (node.Inputs.Exists(input => input!.Type != ElementType.Int16))
            throw new LoweringException("its inputs are not both int16");
        float product = ProgramBuilder.Activation(node.Input).Scale * ProgramBuilder.Activation(node.Inputs[1]!).Scale;
        QuantizedMultiplier multiplier = QuantizedMultiplier.FromReal((double)product / ProgramBuilder.Activation(node.Output).Scale);
        AddLayer(node, op, OpCode.BatchMatMulInt16, new QuantizedMultiplier(multiplier.Reduced(), multiplier.Shift), builder);
    }

    private static void AddLayer(Node node, BatchMatMul op, OpCode kernel, QuantizedMultiplier multiplier, ProgramBuilder builder)
    {
        Tensor first = node.Input;
        Tensor second = node.Inputs[1]!;
        Shape output = node.Output.Shape;
        if (output.Rank > K.BatchRank + 2)
            throw new LoweringException($"its output {output} has more than {K.BatchRank + 2} dimensions");
        int rows = output[-2];
        int columns = output[-1];
        int depth = first.Shape[op.TransposeFirst ? -2 : -1];
        var parameters = new int[K.Count];
        SetAxes(parameters.AsSpan(K.Shape, K.Axes), 1, output.ToArray()[..^2], rows, columns, depth);
        (int rowStride, int step1) = op.TransposeFirst ? (1, rows) : (depth, 1);
        SetAxes(parameters.AsSpan(K.Strides1, K.Axes), 0, BatchMatMulKernel.BatchStrides(first.Shape, output.Rank), rowStride, 0, step1);
        (int columnStride, int step2) = op.TransposeSecond ? (depth, 1) : (1, columns);
        SetAxes(parameters.AsSpan(K.Strides2, K.Axes), 0, BatchMatMulKernel.BatchStrides(second.Shape, output.Rank), 0, columnStride, step2);
        parameters[K.ZeroPoint1] = ProgramBuilder.Activation(first).ZeroPoint;
        parameters[K.ZeroPoint2] = ProgramBuilder.Activation(second).ZeroPoint;
        parameters[K.OutputZeroPoint] = ProgramBuilder.Activation(node.Output).ZeroPoint;
        parameters[K.Multiplier] = multiplier.Multiplier;
        parameters[K.Multiplier + 1] = multiplier.Shift;
        ArenaBuffer read1 = builder.Read(first);
        ArenaBuffer read2 = builder.Read(second);
        builder.Add(new DeviceLayer
        {
            Name = node.Name,
            Operator = op.Name,
            Kernel = kernel,
            Parameters = parameters,
            Reads = [new ArenaReference(K.Input1, read1, 0), new ArenaReference(K.Input2, read2, 0)],
            Writes = [new ArenaReference(K.Output, builder.Write(node.Output), 0)],
            OutputShape = output,
            Macs = (long)output.ElementCount * depth,
        });
    }

    /// <summary>Batch axes right-aligned before the three of the matrices, absent ones filled.</summary>
    private static void SetAxes(Span<int> axes, int absent, int[] batch, int rows, int columns, int depth)
    {
        axes.Fill(absent);
        batch.CopyTo(axes[(K.BatchRank - batch.Length)..]);
        axes[K.BatchRank] = rows;
        axes[K.BatchRank + 1] = columns;
        axes[K.BatchRank + 2] = depth;
    }
}
