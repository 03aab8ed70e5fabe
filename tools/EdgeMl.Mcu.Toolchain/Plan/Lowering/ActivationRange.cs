using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Fused activations in the quantised domain.</summary>
internal static class ActivationRange
{
    /// <summary>Least and greatest int8 output. Bounds are <c>zp + round(bound / scale)</c> with a float32 quotient, half away from zero.</summary>
    public static (int Min, int Max) Of(Activation activation, Quantization output)
    {
        int Quantized(float real) => (int)Math.Clamp(output.ZeroPoint + Math.Round((double)(real / output.Scale), MidpointRounding.AwayFromZero), -128, 127);
        return activation switch
        {
            Activation.Relu => (Quantized(0), 127),
            Activation.Relu6 => (Quantized(0), Quantized(6)),
            Activation.ReluN1To1 => (Quantized(-1), Quantized(1)),
            _ => (-128, 127),
        };
    }
}
