using System;
using EdgeMl.Mcu.Runtime.Arithmetic;
using EdgeMl.Mcu.Runtime.Kernels;

namespace EdgeMl.Mcu.Runtime.Packed;

/// <summary>From the sums of a fully connected row to its outputs: bias, requantisation, zero point, activation range.</summary>
internal static class RowOutputs
{
    /// <summary>Computes some neighbouring outputs.</summary>
    /// <param name="frame">A layer whose first parameters are those of <see cref="FullyConnected"/>.</param>
    /// <param name="sums">Where in the lanes their sums lie.</param>
    /// <param name="first">First output.</param>
    /// <param name="count">Number of outputs.</param>
    /// <param name="correction">What is added to every sum.</param>
    /// <param name="uniform">Whether all channels have the first one's multiplier and shift, which is <see cref="TableRescale.RightShiftMax"/> to the right at most, and no accumulator exceeds 32 bits.</param>
    public static void Apply(Frame frame, int sums, int first, int count, int correction, bool uniform)
    {
        long[] lanes = frame.Lanes;
        sbyte[] arena = frame.Arena;
        byte[] weights = frame.Weights;
        int channels = frame.Int(FullyConnected.OutputDepth);
        int zeroPoint = frame.Int(FullyConnected.OutputZeroPoint);
        int low = frame.Int(FullyConnected.ActivationMin);
        int high = frame.Int(FullyConnected.ActivationMax);
        int table = ChannelTable.Start(frame.WeightOffset, frame.Int(FullyConnected.InputDepth) * channels);
        int bias = table + (first << 2);
        int multipliers = bias + (channels << 2);
        int shifts = table + (channels << 3) + first;
        int y = frame.Int(FullyConnected.Output) + first;
        int end = sums + count;
        if (!uniform)
        {
            for (; sums < end; sums++)
            {
                int accumulator = (int)lanes[sums] + correction + BitConverter.ToInt32(weights, bias);
                int value = FixedPoint.MultiplyByQuantizedMultiplier(accumulator, BitConverter.ToInt32(weights, multipliers), (sbyte)weights[shifts++]) + zeroPoint;
                if (value < low)
                    value = low;
                if (value > high)
                    value = high;
                arena[y++] = (sbyte)value;
                bias += 4;
                multipliers += 4;
            }
            return;
        }
        int shift = (sbyte)weights[shifts];
        long factor = TableRescale.Factor(BitConverter.ToInt32(weights, multipliers), shift);
        long offset = (correction * factor) + TableRescale.Rounding(shift) + ((long)zeroPoint << TableRescale.Shift);
        long negativeOffset = offset - TableRescale.NegativeCorrection(shift);
        int zero = -correction;
        y -= sums;
        for (; sums < end; sums++)
        {
            int accumulator = (int)lanes[sums] + BitConverter.ToInt32(weights, bias);
            int value = (int)(((accumulator * factor) + (accumulator < zero ? negativeOffset : offset)) >> TableRescale.Shift);
            if (value < low)
                value = low;
            if (value > high)
                value = high;
            arena[y + sums] = (sbyte)value;
            bias += 4;
        }
    }
}
