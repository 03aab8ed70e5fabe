using System.Numerics;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using Extremum = EdgeMl.Mcu.Runtime.Kernels.ReduceExtremum;
using K = EdgeMl.Mcu.Runtime.Kernels.Mean;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Operators over whole axes.</summary>
internal static class ReductionLowering
{
    /// <summary>Mean: the division by n is folded into the multiplier, <c>(M &lt;&lt; k) / n</c> with <c>k = min(floor(log2 n), 32, 31 + shift)</c>.</summary>
    public static void Mean(Node node, Mean op, ProgramBuilder builder)
    {
        int[] shape = Alternate(node.Input.Shape, op.Axes);
        int n = shape[1] * shape[3] * shape[5];
        QuantizedMultiplier factor = Factor(node);
        int k = Math.Min(Math.Min(BitOperations.Log2((uint)n), 32), 31 + factor.Shift);
        Rescaled(node, shape, (int)(((long)factor.Multiplier << k) / n), factor.Shift - k, builder);
    }

    /// <summary>Sum: a mean without the division. Maximum and minimum compare the integers as they are.</summary>
    public static void Reduce(Node node, Reduce op, ProgramBuilder builder)
    {
        int[] shape = Alternate(node.Input.Shape, op.Axes);
        if (op.Kind == ReduceKind.Sum)
        {
            QuantizedMultiplier factor = Factor(node);
            Rescaled(node, shape, factor.Multiplier, factor.Shift, builder);
            return;
        }
        MoveLowering.RequireSameQuantization(node.Input, node.Output);
        Add(node, op.Kind == ReduceKind.Max ? OpCode.ReduceMax : OpCode.ReduceMin, shape, new int[Extremum.Count], builder);
    }

    private static QuantizedMultiplier Factor(Node node) =>
        QuantizedMultiplier.FromReal((double)ProgramBuilder.Activation(node.Input).Scale / ProgramBuilder.Activation(node.Output).Scale);

    private static void Rescaled(Node node, int[] shape, int multiplier, int shift, ProgramBuilder builder)
    {
        var parameters = new int[K.Count];
        parameters[K.InputBias] = ProgramBuilder.Activation(node.Input).ZeroPoint * shape[1] * shape[3] * shape[5];
        parameters[K.OutputZeroPoint] = ProgramBuilder.Activation(node.Output).ZeroPoint;
        parameters[K.Multiplier] = multiplier;
        parameters[K.Shift] = shift;
        Add(node, node.Input.Type == ElementType.Int16 ? OpCode.MeanInt16 : OpCode.Mean, shape, parameters, builder);
    }

    private static void Add(Node node, OpCode kernel, int[] shape, int[] parameters, ProgramBuilder builder)
    {
        shape.CopyTo(parameters, K.Shape);
        builder.Add(node, kernel, parameters);
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
