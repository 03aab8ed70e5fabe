using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Fused activations in the quantised domain.</summary>
internal static class ActivationRange
{
    /// <summary>Least and greatest int8 output. Bounds are <c>zp + round(bound / scale)</c> with a float32 quotient, half away from zero.</summary>
    public static (int Min, int Max) Of(Activation activation, Quantization output) => Of(activation, output, ElementType.Int8);

    /// <summary>Least and greatest output of a tensor's type.</summary>
    public static (int Min, int Max) Of(Activation activation, Tensor output) => Of(activation, ProgramBuilder.Activation(output), output.Type);

    private static (int Min, int Max) Of(Activation activation, Quantization output, ElementType type)
    {
        (int Min, int Max) limits = DeviceTypes.Limits(type);
        int Quantized(float real) => (int)QuantizedValues.Nearest(real, output.Scale, output.ZeroPoint, limits);
        return activation switch
        {
            Activation.Relu => (Quantized(0), limits.Max),
            Activation.Relu6 => (Quantized(0), Quantized(6)),
            Activation.ReluN1To1 => (Quantized(-1), Quantized(1)),
            _ => limits,
        };
    }
}
