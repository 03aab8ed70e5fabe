using System;
using EdgeMl.Mcu.Runtime.Arithmetic;
using P = EdgeMl.Mcu.Runtime.Typed.Conversion;

namespace EdgeMl.Mcu.Runtime.Typed;

/// <summary>int16 softmax over rows, by two tables with linear interpolation. Output scale 2^-15, zero points 0. The output may stand in the input's place.</summary>
/// <remarks>Weights: 513 int16 of e^x over [-10, 0] in Q0.15, then 513 int16 of 1 / (1 + x) over [0, 1] in Q0.15.</remarks>
public sealed class SoftmaxInt16 : Kernel
{
    /// <summary>Parameter: elements of a row; divides the length.</summary>
    public const int Depth = P.Count;

    /// <summary>Parameter: Q0.31 multiplier that brings differences to steps of 10 / 65535.</summary>
    public const int Multiplier = P.Count + 1;

    /// <summary>Parameter: shift; positive shifts left.</summary>
    public const int Shift = P.Count + 2;

    /// <summary>Number of parameters.</summary>
    public const int Count = P.Count + 3;

    /// <summary>Entries of each table.</summary>
    public const int Entries = 513;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        P.Validate(layer, 2);
        layer.Check(layer.Int(P.Length) % layer.Range(Depth, 1, short.MaxValue) == 0);
        layer.Range(Multiplier, 0, int.MaxValue);
        layer.Range(Shift, -31, 30);
        layer.Weights(4 * Entries);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        int row = 2 * frame.Int(Depth);
        int x = frame.Int(P.Input);
        int y = frame.Int(P.Output);
        int end = x + (2 * frame.Int(P.Length));
        for (; x < end; x += row, y += row)
            Row(frame, x, y, row);
    }

    private static void Row(Frame frame, int x, int y, int bytes)
    {
        sbyte[] arena = frame.Arena;
        int sum = Exponentials(frame, x, y, bytes);
        int headroom = FixedPoint.CountLeadingZeros(sum);
        int fraction = (int)((((long)sum << (headroom - 1)) + (1 << 13)) >> 14) - (1 << 15) - (1 << 16);
        int reciprocal = Interpolate(frame, frame.WeightOffset + (2 * Entries), fraction);
        int shift = 31 - headroom;
        long half = shift > 0 ? 1L << (shift - 1) : 0;
        for (int i = y; i < y + bytes; i += 2)
        {
            int value = (int)((((long)Element.ReadInt16(arena, i) * reciprocal) + half) >> shift);
            if (value < 0)
                value = 0;
            if (value > short.MaxValue)
                value = short.MaxValue;
            Element.WriteInt16(arena, i, value);
        }
    }

    /// <summary>Writes the exponentials of a row in Q0.15 and gives their sum, at least 1.</summary>
    private static int Exponentials(Frame frame, int x, int y, int bytes)
    {
        sbyte[] arena = frame.Arena;
        int multiplier = frame.Int(Multiplier);
        int shift = frame.Int(Shift);
        int max = short.MinValue;
        for (int i = x; i < x + bytes; i += 2)
        {
            int value = Element.ReadInt16(arena, i);
            if (value > max)
                max = value;
        }
        int sum = 0;
        for (int i = 0; i < bytes; i += 2)
        {
            int difference = FixedPoint.MultiplyByQuantizedMultiplier(Element.ReadInt16(arena, x + i) - max, multiplier, shift);
            int exponential = Interpolate(frame, frame.WeightOffset, difference > 0 ? short.MaxValue : difference + short.MaxValue);
            Element.WriteInt16(arena, y + i, exponential);
            sum += exponential;
        }
        return sum < 1 ? 1 : sum;
    }

    /// <summary>Table value at a position from -32768 to 32767, held within these.</summary>
    private static int Interpolate(Frame frame, int table, int position)
    {
        if (position < short.MinValue)
            position = short.MinValue;
        if (position > short.MaxValue)
            position = short.MaxValue;
        int entry = table + (((position >> 7) + 256) << 1);
        int left = BitConverter.ToInt16(frame.Weights, entry);
        int right = BitConverter.ToInt16(frame.Weights, entry + 2);
        return left + ((((right - left) * (position & 127)) + 64) >> 7);
    }
}
