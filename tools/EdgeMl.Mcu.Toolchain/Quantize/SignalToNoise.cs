using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>Compares the activations of a float graph with those of its int8 graph.</summary>
internal static class SignalToNoise
{
    /// <summary>
    /// <c>10 log10(Σ x² / Σ (x - q)²)</c> of each activation over all samples, in dB; infinite without noise, NaN without signal and noise.
    /// </summary>
    /// <param name="graph">The float graph.</param>
    /// <param name="quantized">Its int8 graph.</param>
    /// <param name="quantizedOf">The int8 tensor of a float graph's activation.</param>
    /// <param name="samples">Real inputs.</param>
    public static Dictionary<Tensor, double> Decibels(
        ModelGraph graph, ModelGraph quantized, Func<Tensor, Tensor> quantizedOf, IEnumerable<float[][]> samples)
    {
        var real = new FloatExecutor(graph);
        var rounded = new FloatExecutor(quantized, ActivationPrecision.FakeQuantized);
        var sums = new Dictionary<Tensor, (double Signal, double Noise)>();
        var values = new Dictionary<Tensor, float[]>();
        foreach (float[][] sample in samples)
        {
            rounded.Run(sample, (tensor, q) => values[tensor] = q.ToArray());
            real.Run(sample, (tensor, x) =>
            {
                float[] difference = values[quantizedOf(tensor)];
                TensorPrimitives.Subtract(x, difference, difference);
                (double signal, double noise) = sums.GetValueOrDefault(tensor);
                sums[tensor] = (signal + TensorPrimitives.SumOfSquares(x), noise + TensorPrimitives.SumOfSquares<float>(difference));
            });
        }
        return sums.ToDictionary(sum => sum.Key, sum => 10 * Math.Log10(sum.Value.Signal / sum.Value.Noise));
    }
}
