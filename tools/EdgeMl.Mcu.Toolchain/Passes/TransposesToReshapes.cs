using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes;

/// <summary>Replaces transposes that only move axes of size 1. Runs after the others, because two transposes compose better than a transpose and a reshape.</summary>
public static class TransposesToReshapes
{
    /// <summary>Runs the pass; true where it changed something.</summary>
    public static bool Apply(ModelGraph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes)
        {
            if (node.Operator is not Transpose transpose || !Permutations.KeepsOrder(transpose.Permutation, node.Input.Shape)
                || !GraphEdits.SameValues(node.Input, node.Output))
            {
                continue;
            }
            node.Operator = new Reshape();
            changed = true;
        }
        return changed;
    }
}
