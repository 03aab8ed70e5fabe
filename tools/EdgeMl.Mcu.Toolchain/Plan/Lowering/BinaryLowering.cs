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
        (int Size, int[] Strides)[] axes = BroadcastAxes.Of([first.Shape, second.Shape], node.Output.Shape, K.Rank);
        for (int i = 0; i < K.Rank; i++)
            (parameters[K.Shape + i], parameters[K.Strides1 + i], parameters[K.Strides2 + i]) = (axes[i].Size, axes[i].Strides[0], axes[i].Strides[1]);
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
}
