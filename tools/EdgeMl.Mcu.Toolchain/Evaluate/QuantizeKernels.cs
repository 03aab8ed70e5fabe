using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Quantisation in a float run: values are rounded to what the quantised type can hold, and stay real.</summary>
internal static class QuantizeKernels
{
    public static void Quantize(NodeCall call)
    {
        call.Input.CopyTo(call.Output, 0);
        FakeQuantize(call.Node.Output, call.Output);
    }

    public static void Dequantize(NodeCall call) => call.Input.CopyTo(call.Output, 0);

    /// <summary>
    /// Replaces each value by the nearest one that the tensor's type and quantisation can represent: float32 division, half away from zero,
    /// clamped. Does nothing to a tensor without a quantisation.
    /// </summary>
    public static void FakeQuantize(Tensor tensor, Span<float> values)
    {
        if (tensor.Quantization is not { } quantization)
            return;
        (int Min, int Max) limits = QuantizedValues.Limits(tensor.Type);
        int inner = quantization.IsPerChannel ? tensor.Shape.Strides()[quantization.Axis] : values.Length;
        int slices = quantization.Scales.Length;
        for (int start = 0, slice = 0; start < values.Length; start += inner, slice = (slice + 1) % slices)
        {
            float scale = quantization.Scales[slice];
            int zeroPoint = quantization.ZeroPoints[slice];
            foreach (ref float value in values.Slice(start, inner))
                value = (float)(QuantizedValues.Nearest(value, scale, zeroPoint, limits) - zeroPoint) * scale;
        }
    }
}
