using EdgeMl.Mcu.Runtime.Arithmetic;

namespace EdgeMl.Mcu.Runtime.Typed;

/// <summary>int16 arithmetic with two inputs and broadcasting. Zero points are 0. The output may stand in the place of an input that is not broadcast.</summary>
/// <remarks>
/// With a = (x1 &lt;&lt; left shift) * factor 1 and b likewise: Add gives a + b, Sub a - b, SquaredDifference (a - b)². Mul gives x1 * x2. Each is scaled by the output's
/// factor. PRelu gives x1 * factor 1, or x1 * (x2 - zp) * factor 2 for negative x1; its x2 is int8. No weights.
/// </remarks>
public sealed class BinaryInt16 : BroadcastKernel
{
    /// <summary>Parameter: which operator.</summary>
    public const int Kind = FirstOwn;

    /// <summary>Parameter: bits that inputs are shifted left by before scaling, at most 15.</summary>
    public const int LeftShift = FirstOwn + 1;

    /// <summary>Parameter: zero point of PRelu's int8 input.</summary>
    public const int SlopeZeroPoint = FirstOwn + 2;

    /// <summary>Parameters: Q0.31 multiplier and shift of the first input, of the second, and of the output.</summary>
    public const int Factors = FirstOwn + 3;

    /// <summary>Parameter: least output.</summary>
    public const int ActivationMin = FirstOwn + 9;

    /// <summary>Parameter: greatest output.</summary>
    public const int ActivationMax = FirstOwn + 10;

    /// <summary>Value of <see cref="Kind"/>: sum.</summary>
    public const int Add = 0;

    /// <summary>Value of <see cref="Kind"/>: difference.</summary>
    public const int Sub = 1;

    /// <summary>Value of <see cref="Kind"/>: product.</summary>
    public const int Mul = 2;

    /// <summary>Value of <see cref="Kind"/>: squared difference.</summary>
    public const int SquaredDifference = 3;

    /// <summary>Value of <see cref="Kind"/>: second input as slope of negative values.</summary>
    public const int PRelu = 4;

    /// <inheritdoc/>
    public override int ParameterCount => ActivationMax + 1;

    /// <inheritdoc/>
    protected override void ValidateOwn(LayerReader layer)
    {
        int size = layer.Range(Kind, Add, PRelu) == PRelu ? 1 : 2;
        layer.Range(OutputSize, 2, 2);
        layer.Range(InputSize, 2, 2);
        layer.Range(InputSize + 1, size, size);
        layer.Range(LeftShift, 0, 15);
        layer.Range(SlopeZeroPoint, -128, 127);
        for (int i = Factors; i < Factors + 6; i += 2)
        {
            layer.Range(i, 0, int.MaxValue);
            layer.Range(i + 1, -31, 30);
        }
        layer.Range(ActivationMax, layer.Range(ActivationMin, short.MinValue, short.MaxValue), short.MaxValue);
    }

    /// <inheritdoc/>
    protected override void Row(Frame frame, int x1, int x2, int x3, int y, int count)
    {
        sbyte[] arena = frame.Arena;
        int kind = frame.Int(Kind);
        int low = frame.Int(ActivationMin);
        int high = frame.Int(ActivationMax);
        int outputMultiplier = frame.Int(Factors + 4);
        int outputShift = frame.Int(Factors + 5);
        int step1 = Step(frame, 0);
        int step2 = Step(frame, 1);
        int end = y + (2 * count);
        while (y < end)
        {
            int value = Element.ReadInt16(arena, x1);
            if (kind == Mul)
                value *= Element.ReadInt16(arena, x2);
            else
                value = kind == PRelu ? Slope(frame, value, arena[x2]) : Combine(frame, kind, value, Element.ReadInt16(arena, x2));
            if (kind != PRelu)
                value = FixedPoint.MultiplyByQuantizedMultiplier(value, outputMultiplier, outputShift);
            if (value < low)
                value = low;
            if (value > high)
                value = high;
            Element.WriteInt16(arena, y, value);
            x1 += step1;
            x2 += step2;
            y += 2;
        }
    }

    private static int Combine(Frame frame, int kind, int x1, int x2)
    {
        int leftShift = frame.Int(LeftShift);
        int a = FixedPoint.MultiplyByQuantizedMultiplier(x1 << leftShift, frame.Int(Factors), frame.Int(Factors + 1));
        int b = FixedPoint.MultiplyByQuantizedMultiplier(x2 << leftShift, frame.Int(Factors + 2), frame.Int(Factors + 3));
        if (kind == Add)
            return a + b;
        return kind == Sub ? a - b : (a - b) * (a - b);
    }

    private static int Slope(Frame frame, int x, int slope)
    {
        if (x >= 0)
            return FixedPoint.MultiplyByQuantizedMultiplier(x, frame.Int(Factors), frame.Int(Factors + 1));
        return FixedPoint.MultiplyByQuantizedMultiplier(x * (slope - frame.Int(SlopeZeroPoint)), frame.Int(Factors + 2), frame.Int(Factors + 3));
    }
}
