using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes;

/// <summary>Makes one transpose of two in a row; inverse ones cancel.</summary>
public static class TransposeComposition
{
    /// <summary>Runs the pass; true where it changed something.</summary>
    public static bool Apply(ModelGraph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (node.Operator is not Transpose second || graph.ProducerOf<Transpose>(node.Input) is not { } producer
                || !GraphEdits.SameValues(producer.Input, producer.Output))
            {
                continue;
            }
            int[] permutation = Permutations.Compose(((Transpose)producer.Operator).Permutation, second.Permutation);
            node.Operator = new Transpose(permutation);
            node.Inputs[0] = producer.Input;
            changed = true;
        }
        return changed;
    }
}
