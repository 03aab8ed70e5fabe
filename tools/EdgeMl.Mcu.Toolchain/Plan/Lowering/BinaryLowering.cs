using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using K = EdgeMl.Mcu.Runtime.Kernels.BinaryKernel;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Operators with two inputs and broadcasting.</summary>
internal static class BinaryLowering
{
    /// <summary>Adds the kernel of the operator, or the table of its results where one operand is the same number everywhere.</summary>
    public static void Lower(Node node, Binary op, ProgramBuilder builder)
    {
        (OpCode kernel, int[] parameters) = BinaryParameters.For(op, ProgramBuilder.Int8(node.Input), ProgramBuilder.Int8(node.Inputs[1]!), ProgramBuilder.Int8(node.Output));
        if (BinaryTable.TryBuild(node, kernel, parameters) is { } table)
            LookupLowering.Add(node, table.Variable, table.Results, builder);
        else
            AddLayer(node, op, kernel, parameters, builder);
    }

    private static void AddLayer(Node node, Binary op, OpCode kernel, int[] parameters, ProgramBuilder builder)
    {
        Tensor first = node.Input;
        Tensor second = node.Inputs[1]!;
        (int[] shape, int[] strides1, int[] strides2) = Broadcast(first.Shape, second.Shape, node.Output.Shape);
        shape.CopyTo(parameters, K.Shape);
        strides1.CopyTo(parameters, K.Strides1);
        strides2.CopyTo(parameters, K.Strides2);
        ArenaBuffer read1 = builder.Read(first);
        ArenaBuffer read2 = builder.Read(second);
        ArenaBuffer[] inPlace = [.. new[] { (first, read1), (second, read2) }.Where(pair => pair.Item1.Shape.ElementCount == node.Output.Shape.ElementCount).Select(pair => pair.Item2)];
        builder.Add(new DeviceLayer
        {
            Name = node.Name,
            Operator = op.Name,
            Kernel = kernel,
            Parameters = parameters,
            Reads = [new ArenaReference(K.Input1, read1, 0), new ArenaReference(K.Input2, read2, 0)],
            Writes = [new ArenaReference(K.Output, builder.Write(node.Output), 0)],
            OutputShape = node.Output.Shape,
        }, inPlace);
    }

    /// <summary>Output dimensions and input strides in the kernel's rank, neighbours that broadcast alike merged.</summary>
    private static (int[] Shape, int[] Strides1, int[] Strides2) Broadcast(Shape first, Shape second, Shape output)
    {
        var merged = new List<(int Size, int Stride1, int Stride2)>();
        int[] strides1 = BroadcastStrides(first, output);
        int[] strides2 = BroadcastStrides(second, output);
        for (int axis = output.Rank - 1; axis >= 0; axis--)
        {
            if (output[axis] == 1)
                continue;
            if (merged.Count > 0 && strides1[axis] == merged[^1].Stride1 * merged[^1].Size && strides2[axis] == merged[^1].Stride2 * merged[^1].Size)
                merged[^1] = (merged[^1].Size * output[axis], merged[^1].Stride1, merged[^1].Stride2);
            else
                merged.Add((output[axis], strides1[axis], strides2[axis]));
        }
        if (merged.Count > K.Rank)
            throw new LoweringException($"{first} and {second} broadcast over more than {K.Rank} groups of axes");
        while (merged.Count < K.Rank)
            merged.Add((1, 0, 0));
        merged.Reverse();
        return ([.. merged.Select(m => m.Size)], [.. merged.Select(m => m.Stride1)], [.. merged.Select(m => m.Stride2)]);
    }

    private static int[] BroadcastStrides(Shape input, Shape output)
    {
        int[] own = input.Strides();
        var strides = new int[output.Rank];
        for (int i = 1; i <= input.Rank; i++)
            strides[output.Rank - i] = input[-i] == 1 ? 0 : own[input.Rank - i];
        return strides;
    }
}
