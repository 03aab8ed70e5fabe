using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes;

/// <summary>Removes nodes whose outputs nothing reads.</summary>
public static class DeadNodes
{
    /// <summary>Runs the pass; true where it changed something.</summary>
    public static bool Apply(ModelGraph graph)
    {
        var live = graph.Outputs.Select(output => output.Tensor).ToHashSet();
        var dead = new HashSet<Node>();
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            Node node = graph.Nodes[i];
            if (node.Outputs.Exists(live.Contains))
                live.UnionWith(node.Inputs.OfType<Tensor>());
            else
                dead.Add(node);
        }
        return graph.Nodes.RemoveAll(dead.Contains) > 0;
    }
}
