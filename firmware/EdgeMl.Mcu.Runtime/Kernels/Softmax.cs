using System;
using EdgeMl.Mcu.Runtime.Arithmetic;
using P = EdgeMl.Mcu.Runtime.Kernels.ExpTable;

namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>int8 softmax over rows. The output's scale is 1/256, its zero point -128.</summary>
/// <remarks>Parameters and weights: <see cref="ExpTable"/>.</remarks>
public sealed class Softmax : Kernel
{
    /// <summary>31 fractional bits of an exponential less the 8 of the output.</summary>
    private const int OutputShift = 31 - 8;

    /// <inheritdoc/>
    public override int ParameterCount => P.Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        P.Validate(layer);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        sbyte[] arena = frame.Arena;
        byte[] weights = frame.Weights;
        int table = frame.WeightOffset;
        int rows = frame.Int(P.Rows);
        int depth = frame.Int(P.Depth);
        int entries = frame.Int(P.Entries);
        int x = frame.Int(P.Input);
        int y = frame.Int(P.Output);
        for (int row = 0; row < rows; row++)
        {
            int end = x + depth;
            int max = P.Max(arena, x, end);
            int sum = P.Sum(frame, x, end, max);
            int headroom = FixedPoint.CountLeadingZeros(sum);
            int reciprocal = FixedPoint.Reciprocal((int)(((uint)sum << headroom) - 0x80000000));
            int shift = P.SumIntegerBits - headroom + OutputShift;
            while (x < end)
            {
                int difference = max - arena[x++];
                int value = -128;
                if (difference < entries)
                {
                    int exponential = BitConverter.ToInt32(weights, table + (difference << 2));
                    value = FixedPoint.RoundingDivideByPowerOfTwo(FixedPoint.SaturatingRoundingDoublingHighMul(reciprocal, exponential), shift) - 128;
                    if (value < -128)
                        value = -128;
                    if (value > 127)
                        value = 127;
                }
                arena[y++] = (sbyte)value;
            }
        }
    }
}
