using EdgeMl.Mcu.Runtime.Arithmetic;
using P = EdgeMl.Mcu.Runtime.Typed.Conversion;

namespace EdgeMl.Mcu.Runtime.Typed;

/// <summary>int16 functions with one slope for values from 0 on and another below: LeakyRelu, Abs. Zero points are 0.</summary>
/// <remarks>No weights.</remarks>
public sealed class SlopesInt16 : Kernel
{
    /// <summary>Parameters: Q0.31 multiplier and shift of values from 0 on.</summary>
    public const int Positive = P.Count;

    /// <summary>Parameters: Q0.31 multiplier and shift of values below 0.</summary>
    public const int Negative = P.Count + 2;

    /// <summary>Parameter: values below 0 are negated never (0), before they are multiplied (1), or after (2).</summary>
    public const int Negation = P.Count + 4;

    /// <summary>Number of parameters.</summary>
    public const int Count = P.Count + 5;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        P.Validate(layer, 2);
        layer.Weights(0);
        for (int i = Positive; i <= Negative; i += 2)
        {
            layer.Range(i, 0, int.MaxValue);
            layer.Range(i + 1, -31, 30);
        }
        layer.Range(Negation, 0, 2);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        sbyte[] arena = frame.Arena;
        int positive = frame.Int(Positive);
        int positiveShift = frame.Int(Positive + 1);
        int negative = frame.Int(Negative);
        int negativeShift = frame.Int(Negative + 1);
        int negation = frame.Int(Negation);
        int x = frame.Int(P.Input);
        int y = frame.Int(P.Output);
        int end = x + (2 * frame.Int(P.Length));
        for (; x < end; x += 2, y += 2)
        {
            int value = Element.ReadInt16(arena, x);
            if (value >= 0)
            {
                value = FixedPoint.MultiplyByQuantizedMultiplier(value, positive, positiveShift);
            }
            else
            {
                value = FixedPoint.MultiplyByQuantizedMultiplier(negation == 1 ? -value : value, negative, negativeShift);
                if (negation == 2)
                    value = -value;
            }
            if (value < short.MinValue)
                value = short.MinValue;
            if (value > short.MaxValue)
                value = short.MaxValue;
            Element.WriteInt16(arena, y, value);
        }
    }
}
