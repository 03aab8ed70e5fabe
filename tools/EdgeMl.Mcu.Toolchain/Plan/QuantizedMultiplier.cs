namespace EdgeMl.Mcu.Toolchain.Plan;

/// <summary>A real factor as the device multiplies with it: <c>Multiplier / 2^31 * 2^Shift</c>.</summary>
/// <param name="Multiplier">Q0.31, at least 2^30, or 0.</param>
/// <param name="Shift">Positive shifts left; -31 to 30 for factors that the kernels take.</param>
public readonly record struct QuantizedMultiplier(int Multiplier, int Shift)
{
    /// <summary>The nearest representation of a non-negative factor; factors below 2^-32 become 0.</summary>
    /// <exception cref="LoweringException">The factor is negative, not finite, or 2^30 or more.</exception>
    public static QuantizedMultiplier FromReal(double factor)
    {
        if (!(factor >= 0 && factor < 1 << 30))
            throw new LoweringException($"its rescaling factor {factor} is out of range");
        if (factor == 0)
            return new(0, 0);
        int exponent = Math.ILogB(factor) + 1;
        double fraction = Math.ScaleB(factor, -exponent);
        long multiplier = (long)Math.Round(fraction * (1L << 31), MidpointRounding.AwayFromZero);
        if (multiplier == 1L << 31)
        {
            multiplier /= 2;
            exponent++;
        }
        return exponent < -31 ? new(0, 0) : new((int)multiplier, exponent);
    }

    /// <summary>The multiplier in Q0.15, rounded and held below 1, as layers with 64-bit accumulators take it.</summary>
    public int Reduced() => Multiplier < 0x7FFF0000 ? (Multiplier + (1 << 15)) >> 16 : 0x7FFF;

    /// <summary>Applies the factor as the device does.</summary>
    public int Apply(int value) => Runtime.Arithmetic.FixedPoint.MultiplyByQuantizedMultiplier(value, Multiplier, Shift);
}
