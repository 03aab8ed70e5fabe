using EdgeMl.Mcu.Toolchain.Graph;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Batch normalisation with fixed statistics, as one multiplication and one addition for each channel.</summary>
internal static class BatchNormalizationKernel
{
    public static void Run(NodeCall call)
    {
        float epsilon = call.Operator<BatchNormalization>().Epsilon;
        float[] scale = call.Required(1), offset = call.Required(2), mean = call.Required(3), variance = call.Required(4);
        int channels = scale.Length;
        Span<float> factors = call.Scratch(2 * channels);
        Span<float> terms = factors[channels..];
        factors = factors[..channels];
        for (int channel = 0; channel < channels; channel++)
        {
            factors[channel] = scale[channel] / MathF.Sqrt(variance[channel] + epsilon);
            terms[channel] = offset[channel] - mean[channel] * factors[channel];
        }
        for (int row = 0; row < call.Input.Length; row += channels)
            TensorPrimitives.MultiplyAdd(call.Input.AsSpan(row, channels), factors, terms, call.Output.AsSpan(row, channels));
    }
}
