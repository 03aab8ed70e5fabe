using EdgeMl.Mcu.Runtime.Arithmetic;
using P = EdgeMl.Mcu.Runtime.Typed.Conversion;

namespace EdgeMl.Mcu.Runtime.Typed;

/// <summary>
/// The same integer in another type, without regard to scales: a narrower type keeps the low bits, a boolean is whether the integer is not 0.
/// </summary>
/// <remarks>No weights.</remarks>
public sealed class Cast : Kernel
{
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
        int inputType = frame.Int(P.InputType);
        int outputType = frame.Int(P.OutputType);
        int inputShift = Element.SizeShift(inputType);
        int outputShift = Element.SizeShift(outputType);
        int x = frame.Int(P.Input);
        int y = frame.Int(P.Output);
        int count = frame.Int(P.Length);
        for (int i = 0; i < count; i++)
            Element.Write(arena, y + (i << outputShift), outputType, Element.Read(arena, x + (i << inputShift), inputType));
    }
}
