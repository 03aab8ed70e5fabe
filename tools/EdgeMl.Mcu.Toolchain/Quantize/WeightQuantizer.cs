using EdgeMl.Mcu.Toolchain.Graph;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>
/// Symmetric weights in [-127, 127], or [-7, 7] with 4 bits, with one scale for each output channel, <c>max|w| / 127</c> (or 7), and int32 biases
/// with the scale <c>s_in * s_w[c]</c>.
/// </summary>
/// <remarks>
/// A channel's scale is raised where the multiplier <c>s_in * s_w[c] / s_out</c> would fall below 2^-24, so that a channel of tiny or
/// zero weights keeps a usable one, and where its bias would leave ±2^30, so that the accumulator has as much again for the products.
/// Weights of such a channel are still within half a (raised) scale, far below one output step.
/// </remarks>
internal static class WeightQuantizer
{
    /// <summary>Magnitude that a bias does not exceed.</summary>
    public const double LargestBias = 1 << 30;

    private const double SmallestMultiplier = 1.0 / (1 << 24);

    /// <summary>A channel without weights is its bias alone, in steps of this part of an output step.</summary>
    private const double ZeroChannelMultiplier = 1.0 / (1 << 16);

    /// <summary>Magnitude that weights of a number of bits do not exceed.</summary>
    public static int LargestWeight(int bits) => (1 << (bits - 1)) - 1;

    /// <summary>The largest scale that a weight tensor's channels get from its values alone, with 8 bits.</summary>
    public static double LargestScale(Tensor weights) => MaxMagnitude(weights.Reals()) / LargestWeight(8);

    /// <summary>Scale of each output channel.</summary>
    /// <param name="weights">Real weights, row-major.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="axis">Axis of the output channels.</param>
    /// <param name="bias">Real biases, or null.</param>
    /// <param name="inputScale">Scale of the layer's input.</param>
    /// <param name="outputScale">Scale of the layer's output.</param>
    /// <param name="bits">Bits of the weights.</param>
    /// <param name="least">The least scale that each channel may have.</param>
    public static float[] Scales(
        float[] weights, Shape shape, int axis, float[]? bias, float inputScale, float outputScale, int bits, out double[] least)
    {
        var scales = new float[shape[axis]];
        least = new double[scales.Length];
        double[] largest = ChannelMagnitudes(weights, shape, axis);
        for (int channel = 0; channel < scales.Length; channel++)
        {
            double multiplier = largest[channel] == 0 ? ZeroChannelMultiplier : SmallestMultiplier;
            double forMultiplier = multiplier * outputScale / inputScale;
            double forBias = bias is null ? 0 : Math.Abs((double)bias[channel]) / (LargestBias * inputScale);
            least[channel] = Math.Max(forMultiplier, forBias);
            scales[channel] = (float)Math.Max(largest[channel] / LargestWeight(bits), least[channel]);
        }
        return scales;
    }

    /// <summary>The weights, rounded half away from zero.</summary>
    public static sbyte[] Nearest(float[] weights, Shape shape, int axis, float[] scales, int bits)
    {
        int inner = shape.Strides()[axis];
        var quantized = new sbyte[weights.Length];
        for (int i = 0; i < weights.Length; i++)
            quantized[i] = (sbyte)Round((double)weights[i] / scales[i / inner % scales.Length], LargestWeight(bits));
        return quantized;
    }

    /// <summary>The biases, rounded half away from zero.</summary>
    public static Tensor Bias(Tensor bias, float inputScale, float[] weightScales)
    {
        float[] reals = bias.Reals();
        var scales = new float[reals.Length];
        var quantized = new int[reals.Length];
        for (int channel = 0; channel < reals.Length; channel++)
        {
            double scale = (double)inputScale * weightScales[channel];
            scales[channel] = (float)scale;
            quantized[channel] = (int)Round(reals[channel] / scale, LargestBias);
        }
        return new Tensor(bias.Name, ElementType.Int32, bias.Shape, new Quantization(scales, new int[scales.Length]), quantized);
    }

    private static double Round(double value, double limit) =>
        Math.Clamp(Math.Round(value, MidpointRounding.AwayFromZero), -limit, limit);

    private static double[] ChannelMagnitudes(float[] weights, Shape shape, int axis)
    {
        var largest = new double[shape[axis]];
        int inner = shape.Strides()[axis];
        for (int start = 0, channel = 0; start < weights.Length; start += inner, channel = (channel + 1) % largest.Length)
            largest[channel] = Math.Max(largest[channel], MaxMagnitude(weights.AsSpan(start, inner)));
        return largest;
    }

    private static double MaxMagnitude(ReadOnlySpan<float> values) => Math.Abs((double)TensorPrimitives.MaxMagnitude(values));
}
