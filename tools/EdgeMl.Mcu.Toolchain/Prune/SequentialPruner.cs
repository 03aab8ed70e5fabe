using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>Prunes the layers of a graph one after another; each makes up for its own zeros and for what the layers before it do to its inputs.</summary>
internal static class SequentialPruner
{
    /// <summary>Prunes a copy of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="samples">Calibration samples.</param>
    /// <param name="plan">How many weights go from each layer.</param>
    /// <param name="precision">Values that activations can take.</param>
    /// <param name="options">Granularity and damping.</param>
    /// <param name="completed">Told the finished part, 0 to 1.</param>
    /// <param name="cancellation">Stops between samples and between layers.</param>
    public static ModelGraph Prune(
        ModelGraph graph, IReadOnlyList<float[][]> samples, PruningPlan plan, ActivationPrecision precision, PruningOptions options,
        Action<double> completed, CancellationToken cancellation)
    {
        ModelGraph pruned = graph.Copy();
        SampleStates before = SampleStates.Start(graph, samples, precision);
        SampleStates after = before.StartLike(pruned);
        long done = 0, all = graph.Nodes.Sum(node => plan.Of(node) is { } layer ? PruningPlan.Work(layer.Weights) : 0);
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            Node old = graph.Nodes[i], node = pruned.Nodes[i];
            bool isSame = Activations(old).Zip(Activations(node)).All(pair => before.Values(pair.First) == after.Values(pair.Second));
            if (plan.Of(old) is { } layer)
            {
                int count = plan.Counts[old];
                if (isSame && count > 0)
                    layer.Surgery.Compensate(layer.Order.Keep(layer.Weights, count), cancellation).WriteTo(node);
                else if (!isSame)
                    Prune(layer.Weights, LayerInputs.Read(layer.Weights.Layer, before.Values(old.Input), after.Values(node.Input), cancellation), count, options, cancellation).WriteTo(node);
                isSame &= count == 0;
                completed((double)(done += PruningPlan.Work(layer.Weights)) / all);
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

    private static LayerWeights Prune(LayerWeights weights, LayerInputs inputs, int count, PruningOptions options, CancellationToken cancellation)
    {
        var surgery = new LayerSurgery(weights, inputs, options.Damping);
        return surgery.Compensate(surgery.Order(options.Granularity, cancellation).Keep(weights, count), cancellation);
    }
}
