using EdgeMl.Mcu.Toolchain.Calibrating;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>Changes one layer of a graph at a time and measures the outputs.</summary>
public static class SensitivityAnalysis
{
    private const int SamplesMax = 512;
    private const int DivideMin = 64;

    /// <summary>Sparsities that are tried.</summary>
    public static IReadOnlyList<double> Sparsities { get; } = [0.25, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];

    /// <summary>Bits of a weight that are tried.</summary>
    public static IReadOnlyList<int> Bits { get; } = [8, 6, 5, 4, 3, 2];

    /// <summary>
    /// Measures every layer. From 64 samples on, every second one gives the second moments for pruning and the others are measured on; at most 512 of each.
    /// </summary>
    /// <param name="graph">A float or an int8 graph.</param>
    /// <param name="samples">For each sample the real values of each input in the graph's layout.</param>
    /// <param name="labels">The class of each sample, or null.</param>
    /// <param name="damping">See <see cref="PruningOptions.Damping"/>.</param>
    /// <param name="progress">Told the finished part, 0 to 1.</param>
    /// <param name="cancellation">Stops between samples and between layers.</param>
    /// <exception cref="ToolchainException">As <see cref="Pruner.Prune"/>; <c>data.sample-count-mismatch</c>: not one label a sample.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static SensitivityReport Measure(
        ModelGraph graph, IReadOnlyList<float[][]> samples, int[]? labels, double damping = PruningOptions.DefaultDamping,
        IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        CalibrationData.Check(graph, samples);
        if (labels is not null)
            LabelFile.CheckCount(labels.Length, samples.Count);
        LayerWeights[] layers = [.. PrunableLayers.Require(graph, null).Select(LayerWeights.Of)];
        ActivationPrecision precision = ModelFile.IsQuantizedGraph(graph) ? ActivationPrecision.FakeQuantized : ActivationPrecision.Real;
        (int[] calibration, int[] measured) = Divide(samples.Count);
        IReadOnlyDictionary<Node, LayerMoments> moments = MomentCollector.Collect(
            graph, [.. calibration.Select(i => samples[i])], layers.Select(layer => layer.Layer.Node), precision, null, cancellation);
        var probe = new GraphProbe(graph, [.. measured.Select(i => samples[i])], precision);
        int[]? classes = labels is null ? null : [.. measured.Select(i => labels[i])];
        var report = new List<LayerSensitivity>();
        double? accuracy = null;
        foreach (LayerWeights layer in layers)
        {
            Node node = layer.Layer.Node;
            IReadOnlyList<float[]>[] original = probe.Outputs(node, null, cancellation);
            accuracy ??= Accuracy(original, classes);
            var surgery = new LayerSurgery(layer, LayerInputs.Of(moments[node]), damping);
            RemovalOrder order = surgery.Order(PruningGranularity.Weight, cancellation);
            SensitivityPoint[] sparsity = [.. Sparsities.Select(part => Point(part, surgery.Compensate(order.Keep(layer, (int)Math.Ceiling(part * layer.Count)), cancellation)))];
            SensitivityPoint[] bits = [.. Bits.Select(count => Point(count, layer.RoundedTo(count)))];
            report.Add(new LayerSensitivity(node.Name, node.Operator.Name, layer.Count, sparsity, bits));
            progress?.Report((double)report.Count / layers.Length);

            SensitivityPoint Point(double value, LayerWeights weights)
            {
                IReadOnlyList<float[]>[] outputs = probe.Outputs(node, weights, cancellation);
                return new SensitivityPoint(value, Accuracy(outputs, classes), OutputNoise.Decibels(OutputNoise.Ratio(original, outputs)));
            }
        }
        return new SensitivityReport(graph.Name, measured.Length, accuracy, report);
    }

    private static (int[] Calibration, int[] Measured) Divide(int count)
    {
        int[] all = [.. Enumerable.Range(0, count)];
        if (count < DivideMin)
            return (all, all);
        int parts = Math.Min(count / 2, SamplesMax);
        int[] even = [.. Enumerable.Range(0, parts).Select(i => (int)((long)i * (count / 2) / parts) * 2)];
        return (even, Array.ConvertAll(even, i => i + 1));
    }

    private static double? Accuracy(IReadOnlyList<float[]>[] outputs, int[]? classes) =>
        classes is null ? null : outputs.Zip(classes).Average(pair => Classification.ArgMax(Array.ConvertAll(pair.First[0], value => (double)value)) == pair.Second ? 1.0 : 0);
}
