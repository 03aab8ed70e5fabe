using EdgeMl.Mcu.Toolchain.Calibrating;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>Gives a layer its new weights.</summary>
/// <param name="node">The layer in the original graph.</param>
/// <param name="changed">What it reads, where pruned layers before it have changed that; else null.</param>
/// <returns>The weights, or null where they stay.</returns>
internal delegate LayerWeights? LayerEdit(Node node, LayerInputs? changed);

/// <summary>Changes the layers of a graph one after another, so that each makes up for its own zeros and for what the layers before it do to its inputs.</summary>
internal static class SequentialPruner
{
    /// <summary>Prunes a copy of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="layers">The layers that may change.</param>
    /// <param name="samples">Calibration samples.</param>
    /// <param name="precision">Values that activations can take.</param>
    /// <param name="edit">Gives a layer its new weights.</param>
    /// <param name="completed">Told the finished part, 0 to 1.</param>
    /// <param name="cancellation">Stops between samples and between layers.</param>
    public static ModelGraph Prune(
        ModelGraph graph, IReadOnlyList<LinearNode> layers, IReadOnlyList<float[][]> samples, ActivationPrecision precision, LayerEdit edit,
        Action<double> completed, CancellationToken cancellation)
    {
        ModelGraph pruned = graph.Copy();
        SampleStates before = SampleStates.Start(graph, samples, precision);
        SampleStates after = before.StartLike(pruned);
        var byNode = layers.ToDictionary(layer => layer.Node);
        long done = 0, all = layers.Sum(PruningPlan.Work);
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            Node old = graph.Nodes[i], node = pruned.Nodes[i];
            bool isSame = Activations(old).Zip(Activations(node)).All(pair => before.Values(pair.First) == after.Values(pair.Second));
            if (byNode.TryGetValue(old, out LinearNode? layer))
            {
                LayerWeights? weights = edit(old, isSame ? null : LayerInputs.Read(layer, before.Values(old.Input), after.Values(node.Input), cancellation));
                weights?.WriteTo(node);
                isSame &= weights is null;
                completed((double)(done += PruningPlan.Work(layer)) / all);
            }
            before.Advance(cancellation);
            if (isSame)
                after.Adopt(before, node, old);
            else
                after.Advance(cancellation);
        }
        return pruned;
    }

    private static IEnumerable<Tensor> Activations(Node node) => node.Inputs.OfType<Tensor>().Where(tensor => !tensor.IsConstant);
}
