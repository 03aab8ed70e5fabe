namespace EdgeMl.Mcu.Toolchain.Graph;

/// <summary>The integers of quantised element types.</summary>
public static class QuantizedValues
{
    /// <summary>Smallest and largest integer of a quantised type, both inclusive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type is not int8, uint8, int16 or int32.</exception>
    public static (int Min, int Max) Limits(ElementType type) => type switch
    {
        ElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        ElementType.UInt8 => (byte.MinValue, byte.MaxValue),
        ElementType.Int16 => (short.MinValue, short.MaxValue),
        ElementType.Int32 => (int.MinValue, int.MaxValue),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No quantised type."),
    };

    /// <summary>
    /// The integer that represents a real value, as the Quantize operator finds it: float32 division by the scale, rounded half away from zero,
    /// plus the zero point, clamped. NaN gives NaN.
    /// </summary>
    public static double Nearest(float real, float scale, int zeroPoint, (int Min, int Max) limits) =>
        Math.Clamp(MathF.Round(real / scale, MidpointRounding.AwayFromZero) + (double)zeroPoint, limits.Min, limits.Max);
}
