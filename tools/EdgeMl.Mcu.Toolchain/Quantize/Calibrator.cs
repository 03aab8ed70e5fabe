using System.Collections.Concurrent;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>
/// Finds the range of every activation. Results do not depend on the number of workers: minima, maxima and counts merge in any order.
/// </summary>
internal static class Calibrator
{
    /// <summary>Whether a method needs histograms beside the smallest and largest values, and so another pass over the samples.</summary>
    public static bool NeedsHistograms(CalibrationMethod method) => method != CalibrationMethod.MinMax;

    /// <summary>Range that a method finds in a histogram.</summary>
    public static ValueRange Estimate(Histogram histogram, QuantizationOptions options) => options.Method switch
    {
        CalibrationMethod.MinMax => histogram.Range,
        CalibrationMethod.Percentile => histogram.Without(options.Percentile),
        CalibrationMethod.MeanSquaredError => LeastSquaresRange.Of(histogram),
        CalibrationMethod.Entropy => EntropyRange.Of(histogram),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Method, null),
    };

    /// <summary>Smallest and largest value of each activation.</summary>
    public static Dictionary<Tensor, ValueRange> MinMax(
        FloatExecutor executor, ModelGraph graph, IReadOnlyList<float[][]> samples, Action? completed, CancellationToken cancellation)
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

    /// <summary>Histogram of each activation whose range is finite.</summary>
    public static Dictionary<Tensor, Histogram> Histograms(
        FloatExecutor executor, IReadOnlyList<float[][]> samples, Dictionary<Tensor, ValueRange> ranges,
        Action? completed, CancellationToken cancellation)
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
