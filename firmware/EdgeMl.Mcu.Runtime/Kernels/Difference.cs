using EdgeMl.Mcu.Runtime.Arithmetic;

namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>
/// int8 <c>x1 - x2</c> or <c>(x1 - x2)^2</c> with broadcasting. Both inputs are brought to the scale <c>2 * max(s1, s2) / 2^k</c>, subtracted, and requantised;
/// k is 20, and 7 where the difference is squared. The output may stand in the place of an input that is not broadcast.
/// </summary>
/// <remarks>No weights.</remarks>
public sealed class Difference : QuantizedBinary
{
    /// <summary>Parameters: Q0.31 multiplier and shift of the first input.</summary>
    public const int Multiplier1 = FirstMultiplier;

    /// <summary>Parameters: Q0.31 multiplier and shift of the second input.</summary>
    public const int Multiplier2 = FirstMultiplier + 2;

    /// <summary>Parameters: Q0.31 multiplier and shift of the output.</summary>
    public const int OutputMultiplier = FirstMultiplier + 4;

    /// <summary>Bits that inputs are shifted left by before scaling.</summary>
    public const int LeftShift = 20;

    /// <summary>The same where the difference is squared.</summary>
    public const int SquaredLeftShift = 7;

    private readonly bool _squared;

    /// <summary>Creates the kernel of the difference (Sub) or its square (SquaredDifference).</summary>
    public Difference(bool squared)
        : base(3)
    {
        _squared = squared;
    }

    /// <inheritdoc/>
    protected override void Row(Frame frame, int x1, int step1, int x2, int step2, int y, int count)
    {
        sbyte[] arena = frame.Arena;
        bool squared = _squared;
        int leftShift = squared ? SquaredLeftShift : LeftShift;
        int zeroPoint1 = frame.Int(ZeroPoint1);
        int zeroPoint2 = frame.Int(ZeroPoint2);
        int outputZeroPoint = frame.Int(OutputZeroPoint);
        int multiplier1 = frame.Int(Multiplier1);
        int shift1 = frame.Int(Multiplier1 + 1);
        int multiplier2 = frame.Int(Multiplier2);
        int shift2 = frame.Int(Multiplier2 + 1);
        int outputMultiplier = frame.Int(OutputMultiplier);
        int outputShift = frame.Int(OutputMultiplier + 1);
        int low = frame.Int(ActivationMin);
        int high = frame.Int(ActivationMax);
        int end = y + count;
        while (y < end)
        {
            int difference = FixedPoint.MultiplyByQuantizedMultiplier((arena[x1] - zeroPoint1) << leftShift, multiplier1, shift1)
                - FixedPoint.MultiplyByQuantizedMultiplier((arena[x2] - zeroPoint2) << leftShift, multiplier2, shift2);
            if (squared)
                difference *= difference;
            difference = FixedPoint.MultiplyByQuantizedMultiplier(difference, outputMultiplier, outputShift) + outputZeroPoint;
            if (difference < low)
                difference = low;
            if (difference > high)
                difference = high;
            arena[y++] = (sbyte)difference;
            x1 += step1;
            x2 += step2;
        }
    }
}
