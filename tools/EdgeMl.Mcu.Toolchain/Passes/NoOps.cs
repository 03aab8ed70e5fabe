using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes;

/// <summary>Removes nodes that change nothing, and all but the last of a chain of reshapes.</summary>
public static class NoOps
{
    /// <summary>Runs the pass; true where it changed something.</summary>
    public static bool Apply(ModelGraph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
            changed |= TryMergeReshapes(graph, node) || IsNoOp(node) && graph.TryBypass(node);
        return changed;
    }

    private static bool IsNoOp(Node node) =>
        node.Input.Shape.Equals(node.Output.Shape) && GraphEdits.SameValues(node.Input, node.Output) && node.Operator switch
        {
            Reshape => true,
            Pad => true,
            Transpose transpose => Permutations.IsIdentity(transpose.Permutation),
            StridedSlice slice => slice.Strides.All(stride => stride == 1),
            Concatenation => node.Inputs.Count == 1,
            Mean mean => mean.Axes.All(axis => node.Input.Shape[axis] == 1),
            _ => false,
        };

    private static bool TryMergeReshapes(ModelGraph graph, Node node)
    {
        if (node.Operator is not Reshape || graph.ProducerOf<Reshape>(node.Input) is not { } first
            || !GraphEdits.SameValues(first.Input, first.Output))
        {
            return false;
        }
        node.Inputs[0] = first.Input;
        return true;
    }
}
