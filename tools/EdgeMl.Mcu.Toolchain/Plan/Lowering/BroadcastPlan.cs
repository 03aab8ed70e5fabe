using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using K = EdgeMl.Mcu.Runtime.Kernels.Typed.BroadcastKernel;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Layers of kernels that broadcast two or three inputs of any element size.</summary>
internal static class BroadcastPlan
{
    /// <summary>Adds a layer; the shared parameters are filled in here.</summary>
    /// <exception cref="LoweringException">The shapes broadcast over more groups of axes than the kernels have.</exception>
    public static void Add(Node node, OpCode kernel, int[] parameters, ProgramBuilder builder)
    {
        Tensor[] inputs = [.. node.Inputs.Select(input => input!)];
        Shape output = node.Output.Shape;
        List<(int Size, int[] Strides)> axes = MergeAxes(inputs, output);
        if (axes.Count > K.Rank)
            throw new LoweringException($"{string.Join(" and ", inputs.Select(input => input.Shape))} broadcast over more than {K.Rank} groups of axes");
        parameters[K.OutputSize] = node.Output.Type.Size();
        for (int i = 0; i < K.Inputs; i++)
            parameters[K.InputSize + i] = i < inputs.Length ? inputs[i].Type.Size() : 1;
        for (int i = 0; i < K.Rank; i++)
        {
            int axis = i - (K.Rank - axes.Count);
            parameters[K.Shape + i] = axis < 0 ? 1 : axes[axis].Size;
            for (int input = 0; input < inputs.Length && axis >= 0; input++)
                parameters[K.Strides + (input * K.Rank) + i] = axes[axis].Strides[input] * inputs[input].Type.Size();
        }
        ArenaBuffer[] reads = [.. inputs.Select(builder.Read)];
        ArenaBuffer[] inPlace = [.. reads.Where((_, i) => inputs[i].ByteCount == node.Output.ByteCount && inputs[i].Shape.ElementCount == output.ElementCount)];
        builder.Add(new DeviceLayer
        {
            Name = node.Name,
            Operator = node.Operator.Name,
            Kernel = kernel,
            Parameters = parameters,
            Reads = [.. reads.Select((buffer, i) => new ArenaReference(K.Input + i, buffer, 0))],
            Writes = [new ArenaReference(K.Output, builder.Write(node.Output), 0)],
            OutputShape = output,
        }, inPlace);
    }

    private static List<(int Size, int[] Strides)> MergeAxes(Tensor[] inputs, Shape output)
    {
        var axes = new List<(int Size, int[] Strides)>();
        int[][] strides = [.. inputs.Select(input => input.Shape.BroadcastStrides(output))];
        for (int axis = output.Rank - 1; axis >= 0; axis--)
        {
            if (output[axis] == 1)
                continue;
            int[] own = [.. strides.Select(input => input[axis])];
            if (axes.Count > 0 && own.Zip(axes[^1].Strides).All(pair => pair.First == pair.Second * axes[^1].Size))
                axes[^1] = axes[^1] with { Size = axes[^1].Size * output[axis] };
            else
                axes.Add((output[axis], own));
        }
        axes.Reverse();
        return axes;
    }
}
