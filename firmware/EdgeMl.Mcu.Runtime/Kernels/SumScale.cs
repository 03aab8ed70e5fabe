namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>
/// The parameters that kernels of long sums have in common, and the way from a sum to an output. The terms have one scale.
/// </summary>
/// <remarks>
/// The reference holds the sum with 19 fractional bits in 32 bits, which overflow beyond 4,095 input steps; here it is exact up to <see cref="MaxTerms"/>.
/// </remarks>
public static class SumScale
{
    /// <summary>Parameter: zero point of the inputs.</summary>
    public const int InputZeroPoint = 0;

    /// <summary>Parameter: zero point of the output.</summary>
    public const int OutputZeroPoint = 1;

    /// <summary>Parameter: what the sum begins with, in input steps; -128 to 128.</summary>
    public const int Start = 2;

    /// <summary>Parameters: Q0.31 multiplier and shift, which is not positive, of <c>s_in / s_out / 2^19</c>.</summary>
    public const int Multiplier = 3;

    /// <summary>Number of parameters here; a kernel's own ones follow.</summary>
    public const int Count = 5;

    /// <summary>Most terms of a sum.</summary>
    public const int MaxTerms = 1 << 22;

    /// <summary>Fractional bits of a sum in the reference.</summary>
    public const int FractionalBits = 19;

    private const int ProductBits = 31 - FractionalBits;

    /// <summary>Checks the parameters.</summary>
    public static void Validate(LayerReader layer)
    {
        layer.Range(InputZeroPoint, -128, 127);
        layer.Range(OutputZeroPoint, -128, 127);
        layer.Range(Start, -128, 128);
        layer.Range(Multiplier, 0, int.MaxValue);
        layer.Range(Multiplier + 1, -31, 0);
        layer.Weights(0);
    }

    /// <summary>The int8 output for a sum of raw values less their zero points: rounded after the multiplication, then half away from zero.</summary>
    public static int Apply(int sum, int multiplier, int shift, int zeroPoint)
    {
        long value = (((long)sum * multiplier) + (1 << (ProductBits - 1))) >> ProductBits;
        if (shift < 0)
            value = (value + (1L << (-shift - 1)) + (value >> 63)) >> -shift;
        value += zeroPoint;
        if (value < -128)
            return -128;
        return value > 127 ? 127 : (int)value;
    }
}
