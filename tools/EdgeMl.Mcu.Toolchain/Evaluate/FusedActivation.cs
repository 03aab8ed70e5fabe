using EdgeMl.Mcu.Toolchain.Graph;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Bounds of fused activations.</summary>
public static class FusedActivation
{
    /// <summary>The interval of real values that an activation lets through.</summary>
    public static (float Low, float High) Bounds(this Activation activation) => activation switch
    {
        Activation.None => (float.NegativeInfinity, float.PositiveInfinity),
        Activation.Relu => (0, float.PositiveInfinity),
        Activation.ReluN1To1 => (-1, 1),
        Activation.Relu6 => (0, 6),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, null),
    };

    /// <summary>Clamps values in place.</summary>
    internal static void Apply(this Activation activation, Span<float> values)
    {
        (float low, float high) = activation.Bounds();
        if (activation != Activation.None)
            Clamp(values, low, high, values);
    }

    /// <summary>Clamps values; NaN stays NaN.</summary>
    internal static void Clamp(ReadOnlySpan<float> values, float low, float high, Span<float> clamped)
    {
        TensorPrimitives.Max(values, low, clamped);
        TensorPrimitives.Min(clamped, high, clamped);
    }
}
