using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan.Lowering;
using EdgeMl.Mcu.Toolchain.Plan.Tables;

namespace EdgeMl.Mcu.Toolchain.Passes;

/// <summary>
/// Fuses Relu, Relu6 and ReluN1To1 into the operator before them: between reals, and between int8 tensors of one quantisation where the clamp gives the fused
/// activation's result for each of the 256 values. Otherwise the operator would have to requantise to the clamp's output, which rounds once instead of twice.
/// </summary>
public static class ActivationFusion
{
    /// <summary>Runs the pass; true where it changed something.</summary>
    public static bool Apply(ModelGraph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (node.Operator is not Unary unary || Clamp(unary.Kind) is not { } clamp || !GraphEdits.IsFloat(node) && !IsInt8Clamp(node, unary, clamp)
                || graph.OnlyConsumer(node.Input) != node || graph.Producer(node.Input) is not { } producer
                || producer.Operator is Binary { Kind: not (BinaryKind.Add or BinaryKind.Sub or BinaryKind.Mul) } && !GraphEdits.IsFloat(producer)
                || WithClamp(producer.Operator, clamp) is not { } fused)
            {
                continue;
            }
            producer.Operator = fused;
            graph.AbsorbFollowing(producer, node);
            changed = true;
        }
        return changed;
    }

    private static bool IsInt8Clamp(Node node, Unary unary, Activation clamp)
    {
        if (node.Input.Type != ElementType.Int8 || node.Input.Quantization is not { IsPerChannel: false } quantization || !GraphEdits.SameValues(node.Input, node.Output))
            return false;
        sbyte[] table = UnaryTable.Build(unary, quantization, quantization);
        (int min, int max) = ActivationRange.Of(clamp, quantization);
        return Enumerable.Range(0, table.Length).All(i => table[i] == Math.Clamp(i + sbyte.MinValue, min, max));
    }

    private static Activation? Clamp(UnaryKind kind) => kind switch
    {
        UnaryKind.Relu => Activation.Relu,
        UnaryKind.Relu6 => Activation.Relu6,
        UnaryKind.ReluN1To1 => Activation.ReluN1To1,
        _ => null,
    };

    private static Operator? WithClamp(Operator op, Activation clamp) => op switch
    {
        Conv2D conv when Both(conv.Activation, clamp) is { } both => conv with { Activation = both },
        DepthwiseConv2D depthwise when Both(depthwise.Activation, clamp) is { } both => depthwise with { Activation = both },
        FullyConnected layer when Both(layer.Activation, clamp) is { } both => layer with { Activation = both },
        AveragePool2D pool when Both(pool.Activation, clamp) is { } both => pool with { Activation = both },
        MaxPool2D pool when Both(pool.Activation, clamp) is { } both => pool with { Activation = both },
        Binary binary when Both(binary.Activation, clamp) is { } both => binary with { Activation = both },
        _ => null,
    };

    // One clamp after another; null where that is none of the clamps.
    private static Activation? Both(Activation first, Activation second) => (first, second) switch
    {
        (Activation.None, _) => second,
        _ when first == second => first,
        (Activation.Relu, Activation.Relu6) or (Activation.Relu6, Activation.Relu) => Activation.Relu6,
        _ => null,
    };
}
