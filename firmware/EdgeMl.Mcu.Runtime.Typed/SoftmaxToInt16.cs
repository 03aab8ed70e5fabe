using System;
using EdgeMl.Mcu.Runtime.Arithmetic;
using EdgeMl.Mcu.Runtime.Kernels;
using P = EdgeMl.Mcu.Runtime.Kernels.ExpTable;

namespace EdgeMl.Mcu.Runtime.Typed;

/// <summary>Softmax over rows of int8 with int16 results. The output's scale is 2^-16, its zero point -32768.</summary>
/// <remarks>Parameters and weights: <see cref="ExpTable"/>.</remarks>
public sealed class SoftmaxToInt16 : Kernel
{
    /// <summary>31 fractional bits of an exponential less the 16 of the output.</summary>
    private const int OutputShift = 31 - 16;

    /// <inheritdoc/>
    public override int ParameterCount => P.Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        P.Validate(layer);
        layer.Arena(P.Output, layer.Product(2, layer.Product(layer.Dimension(P.Rows), layer.Dimension(P.Depth))));
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        sbyte[] arena = frame.Arena;
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
            for (; x < end; x++, y += 2)
            {
                int difference = max - arena[x];
                int value = short.MinValue;
                if (difference < entries)
                {
                    int exponential = BitConverter.ToInt32(frame.Weights, frame.WeightOffset + (difference << 2));
                    value += FixedPoint.RoundingDivideByPowerOfTwo(FixedPoint.SaturatingRoundingDoublingHighMul(reciprocal, exponential), shift);
                    if (value < short.MinValue)
                        value = short.MinValue;
                    if (value > short.MaxValue)
                        value = short.MaxValue;
                }
                Element.WriteInt16(arena, y, value);
            }
        }
    }
}
