using System.Collections.Concurrent;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>The largest magnitude of each channel (last axis) of each activation over samples.</summary>
internal static class ChannelMagnitudes
{
    /// <summary>Measures all activations of rank 1 and more.</summary>
    public static Dictionary<Tensor, float[]> Of(
        FloatExecutor executor, IReadOnlyList<float[][]> samples, WorkCounter? progress, CancellationToken cancellation)
    {
        var workers = new ConcurrentBag<Dictionary<Tensor, float[]>>();
        executor.ObserveBatch(samples, CreateObserver, progress is null ? null : progress.Completed, cancellation);

        var merged = new Dictionary<Tensor, float[]>();
        foreach ((Tensor tensor, float[] magnitudes) in workers.SelectMany(worker => worker))
        {
            if (!merged.TryAdd(tensor, magnitudes))
                Raise(merged[tensor], magnitudes);
        }
        return merged;

        BatchActivationObserver CreateObserver()
        {
            var largest = new Dictionary<Tensor, float[]>();
            workers.Add(largest);
            return (_, tensor, values) =>
            {
                if (tensor.Shape.Rank == 0)
                    return;
                if (!largest.TryGetValue(tensor, out float[]? magnitudes))
                    largest.Add(tensor, magnitudes = new float[tensor.Shape[-1]]);
                for (int start = 0; start < values.Length; start += magnitudes.Length)
                    Raise(magnitudes, values.Slice(start, magnitudes.Length));
            };
        }
    }

    private static void Raise(float[] magnitudes, ReadOnlySpan<float> values)
    {
        for (int channel = 0; channel < magnitudes.Length; channel++)
            magnitudes[channel] = Math.Max(magnitudes[channel], Math.Abs(values[channel]));
    }
}
