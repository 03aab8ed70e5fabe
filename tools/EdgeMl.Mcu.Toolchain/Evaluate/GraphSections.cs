using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Parts of a graph that run on their own.</summary>
internal static class GraphSections
{
    /// <summary>
    /// Consecutive nodes as a graph: its inputs are the activations that they read from before, its outputs those that they compute for what follows, or for
    /// the graph's outputs. Nodes and tensors are shared.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="first">Index of the first node.</param>
    /// <param name="end">Index after the last node.</param>
    public static ModelGraph Slice(ModelGraph graph, int first, int end)
    {
        var section = new ModelGraph { Name = graph.Name };
        section.Nodes.AddRange(graph.Nodes[first..end]);
        var computed = section.Nodes.SelectMany(node => node.Outputs).ToHashSet();
        var readLater = graph.Nodes.Skip(end).SelectMany(node => node.Inputs).OfType<Tensor>().ToHashSet();
        section.Inputs.AddRange(section.Nodes.SelectMany(node => node.Inputs).OfType<Tensor>().Distinct()
            .Where(tensor => !tensor.IsConstant && !computed.Contains(tensor)).Select(tensor => new GraphPort(tensor)));
        section.Outputs.AddRange(section.Nodes.SelectMany(node => node.Outputs)
            .Where(tensor => readLater.Contains(tensor) || graph.IsOutput(tensor)).Select(tensor => new GraphPort(tensor)));
        return section;
    }
}
