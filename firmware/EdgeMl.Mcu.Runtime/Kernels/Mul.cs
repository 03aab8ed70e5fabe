using EdgeMl.Mcu.Runtime.Arithmetic;

namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>
/// int8 multiplication with broadcasting: <c>requantise((x1 - zp1) * (x2 - zp2))</c>. The output may stand in the place of an input that is not broadcast.
/// </summary>
/// <remarks>No weights.</remarks>
public sealed class Mul : QuantizedBinary
{
    /// <summary>Parameters: Q0.31 multiplier and shift, <c>s1 * s2 / s_out</c>.</summary>
    public const int Multiplier = FirstMultiplier;

    /// <summary>Creates the kernel.</summary>
    public Mul()
        : base(1)
    {
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
            int product = (arena[x1] - zeroPoint1) * (arena[x2] - zeroPoint2);
            product = FixedPoint.MultiplyByQuantizedMultiplier(product, multiplier, shift) + outputZeroPoint;
            if (product < low)
                product = low;
            if (product > high)
                product = high;
            arena[y++] = (sbyte)product;
            x1 += step1;
            x2 += step2;
        }
    }
}
