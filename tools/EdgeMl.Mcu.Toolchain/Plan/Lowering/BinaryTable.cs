using System.Runtime.InteropServices;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using K = EdgeMl.Mcu.Runtime.Kernels.BinaryKernel;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>An operator with two inputs, one of them the same number everywhere, is a function of one int8 value. The operator's own kernel computes its table.</summary>
internal static class BinaryTable
{
    private const int Values = 256;

    /// <summary>The operand that varies and the results for its values -128 to 127; null where the operator needs its kernel.</summary>
    public static (Tensor Variable, sbyte[] Results)? TryBuild(Node node, OpCode kernel, int[] parameters)
    {
        Tensor first = node.Input;
        Tensor second = node.Inputs[1]!;
        bool Varies(Tensor tensor) => !tensor.IsConstant && tensor.Shape.ElementCount == node.Output.Shape.ElementCount;
        if (Varies(first) && Uniform(second) is { } right)
            return (first, Results(kernel, parameters, right, isFirst: false));
        if (Varies(second) && Uniform(first) is { } left)
            return (second, Results(kernel, parameters, left, isFirst: true));
        return null;
    }

    /// <summary>The value that all elements of a constant have, or null.</summary>
    private static sbyte? Uniform(Tensor tensor) =>
        tensor.Data is sbyte[] { Length: > 0 } data && !data.AsSpan().ContainsAnyExcept(data[0]) ? data[0] : null;

    private static sbyte[] Results(OpCode kernel, int[] parameters, sbyte constant, bool isFirst)
    {
        int[] filled = [.. parameters];
        int varies = isFirst ? K.Input2 : K.Input1;
        int stays = isFirst ? K.Input1 : K.Input2;
        filled[varies] = 0;
        filled[stays] = Values;
        filled[K.Output] = Values + 1;
        filled.AsSpan(K.Shape, K.Rank).Fill(1);
        filled[K.Shape + K.Rank - 1] = Values;
        filled[(isFirst ? K.Strides2 : K.Strides1) + K.Rank - 1] = 1;
        var arena = new sbyte[(2 * Values) + 1];
        for (int i = 0; i < Values; i++)
            arena[i] = (sbyte)(i - 128);
        arena[Values] = constant;
        var frame = new Frame { Parameters = MemoryMarshal.AsBytes<int>(filled).ToArray(), Arena = arena, Weights = [], Lanes = [] };
        KernelTable.Find((int)kernel).Run(frame);
        return arena[(Values + 1)..];
    }
}
