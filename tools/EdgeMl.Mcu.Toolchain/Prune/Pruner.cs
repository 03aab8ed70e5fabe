using EdgeMl.Mcu.Toolchain.Calibrating;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>
/// One-shot pruning without training. Layers lose different parts of their weights, as many as cost the outputs of the graph least. With
/// <see cref="PruningMethod.Obs"/> the remaining weights and the bias of each layer are the least-squares solution for its original outputs, given the inputs that it
/// gets from the pruned layers before it; int8 weights stay on their grid.
/// </summary>
public static class Pruner
{
    // More samples change second moments little and take as much longer.
    private const int SamplesMax = 2000;
    private const int HoldBackMin = 64;
    private const int HoldBackEvery = 8;
    private const long StateBytesMax = 512L << 20;
    internal const double MeasuringShare = 0.5;

    /// <summary>Prunes a graph.</summary>
    /// <param name="graph">A float or an int8 graph. It is not changed.</param>
    /// <param name="samples">Calibration samples: for each the real values of each input in the graph's layout, row-major.</param>
    /// <param name="options">Sparsity, granularity, method.</param>
    /// <param name="progress">Told the finished part, 0 to 1, from any thread.</param>
    /// <param name="cancellation">Stops between samples and between layers.</param>
    /// <exception cref="ToolchainException">
    /// <see cref="ErrorCodes.BadCalibrationData"/>: no samples, values that are not finite or of the wrong number, an input that never changes.
    /// <see cref="ErrorCodes.UnsupportedOperator"/>: the float executor has no kernel for a node.
    /// <see cref="ErrorCodes.NothingToPrune"/>: no layer has weights that can be pruned.
    /// <see cref="ErrorCodes.SparsityOutOfReach"/>: the graph does not have as many channels that can be removed.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static PruningResult Prune(
        ModelGraph graph, IReadOnlyList<float[][]> samples, PruningOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        if (options.Sparsity is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(options), options.Sparsity, "The sparsity is between 0 and 1.");
        CalibrationData.Check(graph, samples);
        ActivationPrecision precision = ModelFile.IsQuantizedGraph(graph) ? ActivationPrecision.FakeQuantized : ActivationPrecision.Real;
        (IReadOnlyList<float[][]> calibration, IReadOnlyList<float[][]> heldBack) = Divide(samples, 2 * sizeof(float) * SampleStates.PeakElements(graph));

        ModelGraph pruned;
        IReadOnlyList<LayerChannels> channels = [];
        if (options.Granularity == PruningGranularity.Channel)
        {
            (pruned, ChannelSelection selection) = new ChannelPruner(graph, calibration, precision, options, cancellation).Prune(part => progress?.Report(part));
            channels = selection.Layers();
        }
        else
        {
            pruned = PruneWeights(graph, calibration, precision, options, progress, cancellation);
        }
        progress?.Report(1);
        return new PruningResult(pruned, Report(graph, pruned, options), channels, calibration.Count, heldBack.Count, heldBack.Count == 0 ? null : OutputNoise.Decibels(OutputNoise.Ratio(
            new FloatExecutor(graph, precision).RunBatch(heldBack, cancellation), new FloatExecutor(pruned, precision).RunBatch(heldBack, cancellation))));
    }

    private static ModelGraph PruneWeights(
        ModelGraph graph, IReadOnlyList<float[][]> samples, ActivationPrecision precision, PruningOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        LayerWeights[] layers = [.. PrunableLayers.Require(graph, options.Nodes).Select(LayerWeights.Of)];
        IReadOnlyDictionary<Node, LayerMoments> moments = MomentCollector.Collect(graph, samples, layers.Select(layer => layer.Layer.Node), precision, null, cancellation);
        var probe = new GraphProbe(graph, PruningPlan.Thinned(samples, PruningPlan.ProbeSamples), precision);
        PruningPlan plan = PruningPlan.Measure(layers, moments, probe.Outputs, options, part => progress?.Report(part * MeasuringShare), cancellation);
        return options.Method == PruningMethod.Magnitude
            ? ByMagnitude(graph, plan, options.Granularity)
            : SequentialPruner.Prune(
                graph, PrunableLayers.Of(graph, options.Nodes), samples, precision, (node, changed) => plan.Edit(node, changed, options, cancellation),
                part => progress?.Report(MeasuringShare + part * (1 - MeasuringShare)), cancellation);
    }

    /// <summary>Divides samples: those that are pruned with, and those that the result is measured on.</summary>
    /// <param name="samples">All samples.</param>
    /// <param name="stateBytes">Memory that the states of the original model and of the pruned one take for each.</param>
    internal static (IReadOnlyList<float[][]> Calibration, IReadOnlyList<float[][]> HeldBack) Divide(IReadOnlyList<float[][]> samples, long stateBytes)
    {
        long max = Math.Clamp(StateBytesMax / stateBytes, 1, SamplesMax);
        samples = PruningPlan.Thinned(samples, max);
        return samples.Count < HoldBackMin
            ? (samples, [])
            : ([.. samples.Where((_, i) => i % HoldBackEvery != 0)], [.. samples.Where((_, i) => i % HoldBackEvery == 0)]);
    }

    private static ModelGraph ByMagnitude(ModelGraph graph, PruningPlan plan, PruningGranularity granularity)
    {
        ModelGraph pruned = graph.Copy();
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            if (plan.Of(graph.Nodes[i]) is not { Weights: var weights })
                continue;
            bool[][] isKept = RemovalOrder.ByMagnitude(Bundle.Of(weights.Layer, granularity), weights.Rows).Keep(weights, plan.Counts[graph.Nodes[i]]);
            weights.Only(isKept).WriteTo(pruned.Nodes[i]);
        }
        return pruned;
    }

    private static IReadOnlyList<LayerPruning> Report(ModelGraph graph, ModelGraph pruned, PruningOptions options)
    {
        var prunable = PrunableLayers.Of(graph, options.Nodes).Select(layer => layer.Node).ToHashSet();
        return [.. graph.Nodes.Zip(pruned.Nodes).Select(pair => (Old: pair.First, New: LinearNode.Of(pair.Second))).Where(pair => pair.New is not null)
            .Select(pair => new LayerPruning(
                pair.Old.Name, pair.Old.Operator.Name, pair.New!.Outputs * pair.New.Taps, pair.New.Node.Inputs[1]!.Reals().Count(weight => weight == 0), prunable.Contains(pair.Old)))];
    }
}
