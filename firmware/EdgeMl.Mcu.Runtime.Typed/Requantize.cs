using EdgeMl.Mcu.Runtime.Arithmetic;
using P = EdgeMl.Mcu.Runtime.Typed.Conversion;

namespace EdgeMl.Mcu.Runtime.Typed;

/// <summary>
/// From one quantisation and type to another: <c>clamp((x - zp_in) * factor + zp_out)</c>. Also activations that are a clamp: Relu, Relu6.
/// </summary>
/// <remarks>No weights.</remarks>
public sealed class Requantize : Kernel
{
    /// <summary>Parameter: zero point of the input.</summary>
    public const int InputZeroPoint = P.Count;

    /// <summary>Parameter: zero point of the output.</summary>
    public const int OutputZeroPoint = P.Count + 1;

    /// <summary>Parameter: Q0.31 multiplier.</summary>
    public const int Multiplier = P.Count + 2;

    /// <summary>Parameter: shift; positive shifts left.</summary>
    public const int Shift = P.Count + 3;

    /// <summary>Parameter: least output.</summary>
    public const int Min = P.Count + 4;

    /// <summary>Parameter: greatest output.</summary>
    public const int Max = P.Count + 5;

    /// <summary>Number of parameters.</summary>
    public const int Count = P.Count + 6;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        P.Validate(layer);
        layer.Range(Multiplier, 0, int.MaxValue);
        layer.Range(Shift, -31, 30);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        sbyte[] arena = frame.Arena;
        int inputType = frame.Int(P.InputType);
        int outputType = frame.Int(P.OutputType);
        int inputShift = Element.SizeShift(inputType);
        int outputShift = Element.SizeShift(outputType);
        int inputZeroPoint = frame.Int(InputZeroPoint);
        int outputZeroPoint = frame.Int(OutputZeroPoint);
        int multiplier = frame.Int(Multiplier);
        int shift = frame.Int(Shift);
        int low = frame.Int(Min);
        int high = frame.Int(Max);
        int x = frame.Int(P.Input);
        int y = frame.Int(P.Output);
        int count = frame.Int(P.Length);
        for (int i = 0; i < count; i++)
        {
            int value = Element.Read(arena, x + (i << inputShift), inputType) - inputZeroPoint;
            value = FixedPoint.MultiplyByQuantizedMultiplier(value, multiplier, shift) + outputZeroPoint;
            if (value < low)
                value = low;
            if (value > high)
                value = high;
            Element.Write(arena, y + (i << outputShift), outputType, value);
        }
    }
}
