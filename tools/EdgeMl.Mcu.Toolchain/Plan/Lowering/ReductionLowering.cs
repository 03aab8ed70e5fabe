using System.Numerics;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using K = EdgeMl.Mcu.Runtime.Kernels.Mean;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Operators over whole axes.</summary>
internal static class ReductionLowering
{
    /// <summary>Mean: the division by n is folded into the multiplier, <c>(M &lt;&lt; k) / n</c> with <c>k = min(floor(log2 n), 32, 31 + shift)</c>.</summary>
    public static void Mean(Node node, Mean op, ProgramBuilder builder)
    {
        Quantization input = ProgramBuilder.Int8(node.Input);
        Quantization output = ProgramBuilder.Int8(node.Output);
        int[] shape = Alternate(node.Input.Shape, op.Axes);
        int n = shape[1] * shape[3] * shape[5];
        QuantizedMultiplier factor = QuantizedMultiplier.FromReal((double)input.Scale / output.Scale);
        int k = Math.Min(Math.Min(BitOperations.Log2((uint)n), 32), 31 + factor.Shift);
        var parameters = new int[K.Count];
        shape.CopyTo(parameters, K.Shape);
        parameters[K.InputBias] = input.ZeroPoint * n;
        parameters[K.OutputZeroPoint] = output.ZeroPoint;
        parameters[K.Multiplier] = (int)(((long)factor.Multiplier << k) / n);
        parameters[K.Shift] = factor.Shift - k;
        ArenaBuffer read = builder.Read(node.Input);
        builder.Add(new DeviceLayer
        {
            Name = node.Name,
            Operator = op.Name,
            Kernel = OpCode.Mean,
            Parameters = parameters,
            Reads = [new ArenaReference(K.Input, read, 0)],
            Writes = [new ArenaReference(K.Output, builder.Write(node.Output), 0)],
            OutputShape = node.Output.Shape,
        });
    }

    /// <summary>The shape as [K0, R0, K1, R1, K2, R2]: kept and reduced axes in turn, neighbours of one kind merged.</summary>
    private static int[] Alternate(Shape shape, int[] axes)
    {
        int[] groups = [1, 1, 1, 1, 1, 1];
        int group = 0;
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            if (shape[axis] == 1)
                continue;
            bool reduced = axes.Contains(axis);
            if (reduced != (group % 2 == 1))
                group++;
            if (group >= groups.Length)
                throw new LoweringException($"it reduces axes [{string.Join(", ", axes)}] of {shape}");
            groups[group] *= shape[axis];
        }
        return groups;
    }
}
