using EdgeMl.Mcu.Runtime.Arithmetic;

namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>
/// int8 division with broadcasting: the first input times the reciprocal of the second by Newton-Raphson. The output may stand in the place of an
/// input that is not broadcast.
/// </summary>
/// <remarks>
/// No weights. Division by zero is the greatest output for a positive dividend, the least for a negative one, and 0 for 0; the TensorFlow Lite reference does not define it.
/// </remarks>
public sealed class Div : QuantizedBinary
{
    /// <summary>Parameters: Q0.31 multiplier and shift, <c>s1 / (s2 * s_out)</c>.</summary>
    public const int Multiplier = FirstMultiplier;

    /// <summary>Greatest shift: no quotient has fewer fractional bits.</summary>
    public const int GreatestShift = 23;

    /// <summary>Creates the kernel.</summary>
    public Div()
        : base(1)
    {
    }

    /// <inheritdoc/>
    protected override void ValidateOwn(LayerReader layer)
    {
        base.ValidateOwn(layer);
        layer.Range(Multiplier + 1, -31, GreatestShift);
    }

    /// <inheritdoc/>
    protected override void Row(Frame frame, int x1, int step1, int x2, int step2, int y, int count)
    {
        sbyte[] arena = frame.Arena;
        int zeroPoint1 = frame.Int(ZeroPoint1);
        int zeroPoint2 = frame.Int(ZeroPoint2);
        int outputZeroPoint = frame.Int(OutputZeroPoint);
        int multiplier = frame.Int(Multiplier);
        int shift = frame.Int(Multiplier + 1);
        int low = frame.Int(ActivationMin);
        int high = frame.Int(ActivationMax);
        int end = y + count;
        while (y < end)
        {
            int dividend = arena[x1] - zeroPoint1;
            int divisor = arena[x2] - zeroPoint2;
            if (divisor < 0)
            {
                dividend = -dividend;
                divisor = -divisor;
            }
            int quotient;
            if (divisor != 0)
                quotient = Quotient(dividend, divisor, multiplier, shift) + outputZeroPoint;
            else
                quotient = dividend == 0 ? outputZeroPoint : dividend < 0 ? low : high;
            if (quotient < low)
                quotient = low;
            if (quotient > high)
                quotient = high;
            arena[y++] = (sbyte)quotient;
            x1 += step1;
            x2 += step2;
        }
    }

    /// <summary>A dividend of at most ±255 over a divisor of 1 to 255, times the multiplier.</summary>
    /// <remarks>The reference rounds away from zero, 0 upwards, what a shift over 31 bits leaves nothing of.</remarks>
    private static int Quotient(int dividend, int divisor, int multiplier, int shift)
    {
        int leadingZeros = FixedPoint.CountLeadingZeros(divisor);
        int headroom = FixedPoint.CountLeadingZeros(dividend < 0 ? (-2 * dividend) - 1 : 2 * dividend);
        if (dividend == 0)
            headroom = 31;
        int rightShift = 31 - leadingZeros + headroom - shift;
        if (rightShift > 31)
            return dividend < 0 ? -1 : 1;
        int reciprocal = FixedPoint.Reciprocal((int)(((uint)divisor << leadingZeros) - 0x80000000));
        int quotient = FixedPoint.SaturatingRoundingDoublingHighMul(dividend << headroom, reciprocal);
        quotient = FixedPoint.SaturatingRoundingDoublingHighMul(quotient, multiplier);
        return FixedPoint.RoundingDivideByPowerOfTwo(quotient, rightShift);
    }
}
