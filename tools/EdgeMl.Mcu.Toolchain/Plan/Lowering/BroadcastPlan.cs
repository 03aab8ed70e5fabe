using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using K = EdgeMl.Mcu.Runtime.Typed.BroadcastKernel;

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
        (int Size, int[] Strides)[] axes = BroadcastAxes.Of(Array.ConvertAll(inputs, input => input.Shape), output, K.Rank);
        parameters[K.OutputSize] = node.Output.Type.Size();
        for (int i = 0; i < K.Inputs; i++)
            parameters[K.InputSize + i] = i < inputs.Length ? inputs[i].Type.Size() : 1;
        for (int i = 0; i < K.Rank; i++)
        {
            parameters[K.Shape + i] = axes[i].Size;
            for (int input = 0; input < inputs.Length; input++)
                parameters[K.Strides + (input * K.Rank) + i] = axes[i].Strides[input] * inputs[input].Type.Size();
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
}
