using EdgeMl.Mcu.Runtime.Arithmetic;

namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>
/// int8 rectifier with slopes as its second input, with broadcasting: <c>x1</c> where it is not negative, <c>x1 * x2</c> elsewhere. The output may stand in the
/// place of an input that is not broadcast.
/// </summary>
/// <remarks>No weights.</remarks>
public sealed class PRelu : QuantizedBinary
{
    /// <summary>Parameters: Q0.31 multiplier and shift of values that are not negative, <c>s1 / s_out</c>.</summary>
    public const int PositiveMultiplier = FirstMultiplier;

    /// <summary>Parameters: Q0.31 multiplier and shift of negative values, <c>s1 * s2 / s_out</c>.</summary>
    public const int NegativeMultiplier = FirstMultiplier + 2;

    /// <summary>Creates the kernel.</summary>
    public PRelu()
        : base(2)
    {
    }

    /// <inheritdoc/>
    protected override void Row(Frame frame, int x1, int step1, int x2, int step2, int y, int count)
    {
        sbyte[] arena = frame.Arena;
        int zeroPoint1 = frame.Int(ZeroPoint1);
        int zeroPoint2 = frame.Int(ZeroPoint2);
        int outputZeroPoint = frame.Int(OutputZeroPoint);
        int positiveMultiplier = frame.Int(PositiveMultiplier);
        int positiveShift = frame.Int(PositiveMultiplier + 1);
        int negativeMultiplier = frame.Int(NegativeMultiplier);
        int negativeShift = frame.Int(NegativeMultiplier + 1);
        int low = frame.Int(ActivationMin);
        int high = frame.Int(ActivationMax);
        int end = y + count;
        while (y < end)
        {
            int value = arena[x1] - zeroPoint1;
            if (value >= 0)
                value = FixedPoint.MultiplyByQuantizedMultiplier(value, positiveMultiplier, positiveShift);
            else
                value = FixedPoint.MultiplyByQuantizedMultiplier(value * (arena[x2] - zeroPoint2), negativeMultiplier, negativeShift);
            value += outputZeroPoint;
            if (value < low)
                value = low;
            if (value > high)
                value = high;
            arena[y++] = (sbyte)value;
            x1 += step1;
            x2 += step2;
        }
    }
}
