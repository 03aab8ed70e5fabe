using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using ArgReduceKernel = EdgeMl.Mcu.Runtime.Typed.ArgReduce;
using CompareKernel = EdgeMl.Mcu.Runtime.Typed.Compare;
using GatherKernel = EdgeMl.Mcu.Runtime.Typed.GatherElements;
using SelectKernel = EdgeMl.Mcu.Runtime.Typed.Select;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Operators that give or take booleans and indices.</summary>
internal static class LogicLowering
{
    /// <summary>ArgMax and ArgMin, on raw integers.</summary>
    public static void ArgReduce(Node node, ArgReduce op, ProgramBuilder builder)
    {
        Shape shape = node.Input.Shape;
        var parameters = new int[ArgReduceKernel.Count];
        parameters[ArgReduceKernel.Outer] = Product(shape.Take(op.Axis));
        parameters[ArgReduceKernel.Depth] = shape[op.Axis];
        parameters[ArgReduceKernel.Inner] = Product(shape.Skip(op.Axis + 1));
        parameters[ArgReduceKernel.InputType] = (int)node.Input.OnDevice();
        parameters[ArgReduceKernel.OutputType] = (int)node.Output.OnDevice();
        parameters[ArgReduceKernel.Greatest] = op.Kind == ArgReduceKind.ArgMax ? 1 : 0;
        if (node.Input.Type == ElementType.Int64)
            throw new LoweringException("its input is int64");
        builder.Add(new DeviceLayer
        {
            Name = node.Name,
            Operator = op.Name,
            Kernel = OpCode.ArgReduce,
            Parameters = parameters,
            Reads = [new ArenaReference(ArgReduceKernel.Input, builder.Read(node.Input), 0)],
            Writes = [new ArenaReference(ArgReduceKernel.Output, builder.Write(node.Output), 0)],
            OutputShape = node.Output.Shape,
        });
    }

    /// <summary>Comparison. int8 inputs are scaled as the reference does it; other integers need one quantisation.</summary>
    public static void Compare(Node node, Compare op, ProgramBuilder builder)
    {
        Tensor first = node.Input;
        Tensor second = node.Inputs[1]!;
        Quantization[] quantizations = [ProgramBuilder.Activation(first), ProgramBuilder.Activation(second)];
        if (first.Type != second.Type || first.Type == ElementType.Int64)
            throw new LoweringException($"it compares {first.Type.JsonName()} with {second.Type.JsonName()}");
        bool scaled = first.Type == ElementType.Int8;
        if (!scaled && !quantizations[0].SameAs(quantizations[1]))
            throw new LoweringException($"it compares {first.Type.JsonName()} values of two quantisations");
        var parameters = new int[new CompareKernel().ParameterCount];
        parameters[CompareKernel.Holds] = op.Kind switch
        {
            CompareKind.Equal => CompareKernel.Equal,
            CompareKind.NotEqual => CompareKernel.Less + CompareKernel.Greater,
            CompareKind.Greater => CompareKernel.Greater,
            CompareKind.GreaterEqual => CompareKernel.Greater + CompareKernel.Equal,
            CompareKind.Less => CompareKernel.Less,
            _ => CompareKernel.Less + CompareKernel.Equal,
        };
        parameters[CompareKernel.InputType] = (int)first.OnDevice();
        parameters[CompareKernel.Scaled] = scaled ? 1 : 0;
        for (int i = 0; i < 2 && scaled; i++)
        {
            QuantizedMultiplier factor = QuantizedMultiplier.FromReal(quantizations[i].Scale);
            if (factor.Shift > 0)
                throw new LoweringException($"it compares int8 values with the scale {quantizations[i].Scale}, which is 1 or more");
            parameters[CompareKernel.Scale + (3 * i)] = quantizations[i].ZeroPoint;
            parameters[CompareKernel.Scale + (3 * i) + 1] = factor.Multiplier;
            parameters[CompareKernel.Scale + (3 * i) + 2] = factor.Shift;
        }
        BroadcastPlan.Add(node, OpCode.Compare, parameters, builder);
    }

    /// <summary>Select: the elements are copied, so the three quantisations must be one.</summary>
    public static void Select(Node node, ProgramBuilder builder)
    {
        if (node.Input.Type != ElementType.Bool)
            throw new LoweringException($"its condition is {node.Input.Type.JsonName()}");
        MoveLowering.RequireSameQuantization(node.Inputs[1]!, node.Output);
        MoveLowering.RequireSameQuantization(node.Inputs[2]!, node.Output);
        BroadcastPlan.Add(node, OpCode.Select, new int[new SelectKernel().ParameterCount], builder);
    }

    /// <summary>Gather whose indices are computed at run time.</summary>
    public static void GatherElements(Node node, GatherElements op, ProgramBuilder builder)
    {
        MoveLowering.RequireSameQuantization(node.Input, node.Output);
        Shape shape = node.Input.Shape;
        Tensor indices = node.Inputs[1]!;
        var parameters = new int[GatherKernel.Count];
        parameters[GatherKernel.Outer] = Product(shape.Take(op.Axis));
        parameters[GatherKernel.Depth] = shape[op.Axis];
        parameters[GatherKernel.InnerBytes] = Product(shape.Skip(op.Axis + 1)) * node.Input.Type.Size();
        parameters[GatherKernel.Length] = indices.Shape.ElementCount;
        parameters[GatherKernel.IndexType] = (int)indices.OnDevice();
        builder.Add(new DeviceLayer
        {
            Name = node.Name,
            Operator = op.Name,
            Kernel = OpCode.GatherElements,
            Parameters = parameters,
            Reads = [new ArenaReference(GatherKernel.Input, builder.Read(node.Input), 0), new ArenaReference(GatherKernel.Indices, builder.Read(indices), 0)],
            Writes = [new ArenaReference(GatherKernel.Output, builder.Write(node.Output), 0)],
            OutputShape = node.Output.Shape,
        });
    }

    private static int Product(IEnumerable<int> dimensions) => dimensions.Aggregate(1, (product, dimension) => product * dimension);
}
