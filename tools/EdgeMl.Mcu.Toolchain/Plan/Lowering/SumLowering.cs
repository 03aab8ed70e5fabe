using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using AddNKernel = EdgeMl.Mcu.Runtime.Kernels.AddN;
using CumSumKernel = EdgeMl.Mcu.Runtime.Kernels.CumSum;
using S = EdgeMl.Mcu.Runtime.Kernels.SumScale;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Sums of several inputs and running sums.</summary>
internal static class SumLowering
{
    /// <summary>AddN of inputs with one quantisation.</summary>
    public static void AddN(Node node, AddN op, ProgramBuilder builder)
    {
        Quantization input = ProgramBuilder.Int8(node.Input);
        if (node.Inputs.Exists(other => !input.SameAs(ProgramBuilder.Int8(other!))))
            throw new LoweringException("its inputs have different scales or zero points");
        if (node.Inputs.Count > AddNKernel.MaxInputs)
            throw new LoweringException($"it has {node.Inputs.Count} inputs, more than {AddNKernel.MaxInputs}");
        int[] parameters = Parameters(AddNKernel.Count, op.StartsAtZeroPoint, input, ProgramBuilder.Int8(node.Output));
        parameters[AddNKernel.Length] = node.Output.Shape.ElementCount;
        parameters[AddNKernel.InputCount] = node.Inputs.Count;
        ArenaBuffer[] reads = [.. node.Inputs.Select(other => builder.Read(other!))];
        builder.Add(new DeviceLayer
        {
            Name = node.Name,
            Operator = op.Name,
            Kernel = OpCode.AddN,
            Parameters = parameters,
            Reads = [.. reads.Select((read, i) => new ArenaReference(AddNKernel.Inputs + i, read, 0))],
            Writes = [new ArenaReference(AddNKernel.Output, builder.Write(node.Output), 0)],
            OutputShape = node.Output.Shape,
        }, reads);
    }

    /// <summary>Running sum along an axis.</summary>
    public static void CumSum(Node node, CumSum op, ProgramBuilder builder)
    {
        Shape shape = node.Input.Shape;
        int depth = shape[op.Axis];
        if (depth > S.MaxTerms)
            throw new LoweringException($"it sums {depth} elements, more than {S.MaxTerms}");
        int[] parameters = Parameters(CumSumKernel.Count, op.StartsAtZeroPoint, ProgramBuilder.Int8(node.Input), ProgramBuilder.Int8(node.Output));
        int inner = shape.Strides()[op.Axis];
        parameters[CumSumKernel.Outer] = shape.ElementCount / (depth * inner);
        parameters[CumSumKernel.Depth] = depth;
        parameters[CumSumKernel.Inner] = inner;
        parameters[CumSumKernel.Exclusive] = op.Exclusive ? 1 : 0;
        parameters[CumSumKernel.Reverse] = op.Reverse ? 1 : 0;
        ArenaBuffer read = builder.Read(node.Input);
        builder.Add(new DeviceLayer
        {
            Name = node.Name,
            Operator = op.Name,
            Kernel = OpCode.CumSum,
            Parameters = parameters,
            Reads = [new ArenaReference(CumSumKernel.Input, read, 0)],
            Writes = [new ArenaReference(CumSumKernel.Output, builder.Write(node.Output), 0)],
            OutputShape = node.Output.Shape,
        }, read);
    }

    private static int[] Parameters(int count, bool startsAtZeroPoint, Quantization input, Quantization output)
    {
        double factor = 2.0 * input.Scale / ((1 << (S.FractionalBits + 1)) * (double)output.Scale);
        QuantizedMultiplier multiplier = QuantizedMultiplier.FromReal(factor);
        if (multiplier.Shift > 0)
            throw new LoweringException($"its output scale {output.Scale} is too small for the input scale {input.Scale}");
        var parameters = new int[count];
        parameters[S.InputZeroPoint] = input.ZeroPoint;
        parameters[S.OutputZeroPoint] = output.ZeroPoint;
        parameters[S.Start] = startsAtZeroPoint ? -input.ZeroPoint : 0;
        parameters[S.Multiplier] = multiplier.Multiplier;
        parameters[S.Multiplier + 1] = multiplier.Shift;
        return parameters;
    }
}
