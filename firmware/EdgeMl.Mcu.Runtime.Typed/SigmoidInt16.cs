using EdgeMl.Mcu.Runtime.Arithmetic;
using P = EdgeMl.Mcu.Runtime.Typed.Conversion;

namespace EdgeMl.Mcu.Runtime.Typed;

/// <summary>int16 logistic or hyperbolic tangent, by linear interpolation in a table. Output scale 2^-15, zero points 0.</summary>
/// <remarks>Weights: the table of <see cref="SigmoidCurve"/>.</remarks>
public sealed class SigmoidInt16 : Kernel
{
    /// <summary>Parameter: multiplier that brings the input to steps of 1 / 12288 after <see cref="Shift"/>.</summary>
    public const int Multiplier = P.Count;

    /// <summary>Parameter: bits to shift right by after the multiplication, rounding half up; 0 to 31.</summary>
    public const int Shift = P.Count + 1;

    /// <summary>Parameter: 1 for the hyperbolic tangent, 0 for the logistic function.</summary>
    public const int Hyperbolic = P.Count + 2;

    /// <summary>Number of parameters.</summary>
    public const int Count = P.Count + 3;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        P.Validate(layer, 2);
        layer.Range(Multiplier, 0, short.MaxValue);
        layer.Range(Shift, 0, 31);
        layer.Range(Hyperbolic, 0, 1);
        layer.Weights(SigmoidCurve.Bytes);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        sbyte[] arena = frame.Arena;
        int multiplier = frame.Int(Multiplier);
        int shift = frame.Int(Shift);
        bool hyperbolic = frame.Int(Hyperbolic) != 0;
        int half = shift > 0 ? 1 << (shift - 1) : 0;
        int x = frame.Int(P.Input);
        int y = frame.Int(P.Output);
        int end = x + (2 * frame.Int(P.Length));
        for (; x < end; x += 2, y += 2)
        {
            int scaled = ((Element.ReadInt16(arena, x) * multiplier) + half) >> shift;
            int value = hyperbolic
                ? SigmoidCurve.Tanh(frame.Weights, frame.WeightOffset, scaled)
                : SigmoidCurve.Logistic(frame.Weights, frame.WeightOffset, scaled);
            Element.WriteInt16(arena, y, value);
        }
    }
}
