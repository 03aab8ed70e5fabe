using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes;

/// <summary>Recognises <c>x * HardSigmoid(x)</c> with the slope 1/6 and the offset 1/2 as HardSwish.</summary>
public static class HardSwishFusion
{
    /// <summary>Runs the pass; true where it changed something.</summary>
    public static bool Apply(ModelGraph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (node.Operator is not Binary { Kind: BinaryKind.Mul, Activation: Activation.None } || !GraphEdits.IsFloat(node))
                continue;
            changed |= TryFuse(graph, node, node.Inputs[0]!, node.Inputs[1]!) || TryFuse(graph, node, node.Inputs[1]!, node.Inputs[0]!);
        }
        return changed;
    }

    private static bool TryFuse(ModelGraph graph, Node node, Tensor x, Tensor gate)
    {
        if (graph.ProducerOf<Unary>(gate) is not { Operator: Unary { Kind: UnaryKind.HardSigmoid, Beta: 0.5f } sigmoid } producer
            || producer.Input != x || Math.Abs(sigmoid.Alpha - 1f / 6) > 1e-6f)
        {
            return false;
        }
        node.Operator = new Unary(UnaryKind.HardSwish);
        node.Inputs.Clear();
        node.Inputs.Add(x);
        return true;
    }
}
