using System.Collections.Concurrent;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>
/// Finds the range of every activation. Results do not depend on the number of workers: minima, maxima and counts merge in any order.
/// </summary>
internal static class Calibrator
{
    /// <summary>Passes over the samples that a method needs.</summary>
    public static int Passes(CalibrationMethod method) => method == CalibrationMethod.Percentile ? 2 : 1;

    /// <summary>Range of each activation of a float graph, as the samples show it.</summary>
    /// <param name="graph">The float graph.</param>
    /// <param name="samples">Checked samples.</param>
    /// <param name="options">Method and percentile.</param>
    /// <param name="completed">Called after each sample of each pass, by any worker.</param>
    /// <param name="cancellation">Stops between samples.</param>
    public static Dictionary<Tensor, ValueRange> Run(
        ModelGraph graph, IReadOnlyList<float[][]> samples, QuantizationOptions options, Action completed, CancellationToken cancellation)
    {
        var executor = new FloatExecutor(graph);
        Dictionary<Tensor, ValueRange> ranges = MinMax(executor, graph, samples, completed, cancellation);
        if (options.Method == CalibrationMethod.Percentile)
        {
            foreach ((Tensor tensor, Histogram histogram) in Histograms(executor, samples, ranges, completed, cancellation))
            {
                if (!graph.IsOutput(tensor))
                    ranges[tensor] = histogram.Without(options.Percentile);
            }
        }
        return ranges;
    }

    private static Dictionary<Tensor, ValueRange> MinMax(
        FloatExecutor executor, ModelGraph graph, IReadOnlyList<float[][]> samples, Action completed, CancellationToken cancellation)
    {
        // What padding for a maximum adds may be infinite; the range of such a tensor is its input's.
        HashSet<Tensor> padded = [.. graph.Nodes.Where(node => node.Operator is Pad).Select(node => node.Output)];
        var workers = new ConcurrentBag<Dictionary<Tensor, ValueRange>>();
        executor.ObserveBatch(samples, CreateObserver, completed, cancellation);

        var merged = new Dictionary<Tensor, ValueRange>();
        foreach ((Tensor tensor, ValueRange range) in workers.SelectMany(worker => worker))
            merged[tensor] = merged.TryGetValue(tensor, out ValueRange other) ? other.Union(range) : range;
        return merged;

        BatchActivationObserver CreateObserver()
        {
            var ranges = new Dictionary<Tensor, ValueRange>();
            workers.Add(ranges);
            return (sample, tensor, values) =>
            {
                var range = ValueRange.Of(values);
                if (!range.IsFinite && !padded.Contains(tensor))
                    throw CalibrationData.Bad($"Calibration sample {sample} makes '{tensor.Name}' overflow: its range is {range.Min} to {range.Max}.");
                ranges[tensor] = ranges.TryGetValue(tensor, out ValueRange other) ? other.Union(range) : range;
            };
        }
    }

    private static Dictionary<Tensor, Histogram> Histograms(
        FloatExecutor executor, IReadOnlyList<float[][]> samples, Dictionary<Tensor, ValueRange> ranges,
        Action completed, CancellationToken cancellation)
    {
        var workers = new ConcurrentBag<Dictionary<Tensor, Histogram>>();
        executor.ObserveBatch(samples, CreateObserver, completed, cancellation);

        var merged = new Dictionary<Tensor, Histogram>();
        foreach ((Tensor tensor, Histogram histogram) in workers.SelectMany(worker => worker))
        {
            if (!merged.TryAdd(tensor, histogram))
                merged[tensor].Add(histogram);
        }
        return merged;

        BatchActivationObserver CreateObserver()
        {
            Dictionary<Tensor, Histogram> histograms = ranges
                .Where(range => range.Value.IsFinite)
                .ToDictionary(range => range.Key, range => new Histogram(range.Value));
            workers.Add(histograms);
            return (_, tensor, values) => histograms.GetValueOrDefault(tensor)?.Add(values);
        }
    }
}
