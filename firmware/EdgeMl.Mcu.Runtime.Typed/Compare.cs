using EdgeMl.Mcu.Runtime.Arithmetic;
using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Runtime.Typed;

/// <summary>
/// Compares elements and gives booleans. Quantised inputs are brought to reals in fixed point first, <c>((x - zp) &lt;&lt; 8) * scale</c>, so near values may count as equal.
/// </summary>
/// <remarks>No weights.</remarks>
public sealed class Compare : BroadcastKernel
{
    /// <summary>Parameter: which comparisons hold: the sum of <see cref="Less"/>, <see cref="Equal"/> and <see cref="Greater"/>.</summary>
    public const int Holds = FirstOwn;

    /// <summary>Parameter: <see cref="TensorType"/> of both inputs.</summary>
    public const int InputType = FirstOwn + 1;

    /// <summary>Parameter: 1 where the inputs are scaled, 0 where integers are compared as they are.</summary>
    public const int Scaled = FirstOwn + 2;

    /// <summary>Parameters: zero point, Q0.31 multiplier and shift of the first input, then those of the second.</summary>
    public const int Scale = FirstOwn + 3;

    /// <summary>True where the first input is less.</summary>
    public const int Less = 1;

    /// <summary>True where the inputs are equal.</summary>
    public const int Equal = 2;

    /// <summary>True where the first input is greater.</summary>
    public const int Greater = 4;

    /// <summary>Bits that inputs are shifted left by before scaling.</summary>
    public const int LeftShift = 8;

    /// <inheritdoc/>
    public override int ParameterCount => Scale + 6;

    /// <inheritdoc/>
    protected override void ValidateOwn(LayerReader layer)
    {
        layer.Range(OutputSize, 1, 1);
        layer.Range(Holds, 0, Less + Equal + Greater);
        int size = 1 << Element.SizeShift(layer.Range(InputType, 0, (int)TensorType.UInt8));
        layer.Range(InputSize, size, size);
        layer.Range(InputSize + 1, size, size);
        layer.Range(Scaled, 0, 1);
        for (int i = Scale; i < Scale + 6; i += 3)
        {
            layer.Range(i + 1, 0, int.MaxValue);
            layer.Range(i + 2, -31, 30);
        }
    }

    /// <inheritdoc/>
    protected override void Row(Frame frame, int x1, int x2, int x3, int y, int count)
    {
        sbyte[] arena = frame.Arena;
        int holds = frame.Int(Holds);
        int type = frame.Int(InputType);
        bool scaled = frame.Int(Scaled) != 0;
        int zeroPoint1 = frame.Int(Scale);
        int multiplier1 = frame.Int(Scale + 1);
        int shift1 = frame.Int(Scale + 2);
        int zeroPoint2 = frame.Int(Scale + 3);
        int multiplier2 = frame.Int(Scale + 4);
        int shift2 = frame.Int(Scale + 5);
        int step1 = Step(frame, 0);
        int step2 = Step(frame, 1);
        int end = y + count;
        while (y < end)
        {
            int a = Element.Read(arena, x1, type);
            int b = Element.Read(arena, x2, type);
            if (scaled)
            {
                a = FixedPoint.MultiplyByQuantizedMultiplier((a - zeroPoint1) << LeftShift, multiplier1, shift1);
                b = FixedPoint.MultiplyByQuantizedMultiplier((b - zeroPoint2) << LeftShift, multiplier2, shift2);
            }
            int relation = a < b ? Less : a > b ? Greater : Equal;
            arena[y++] = (sbyte)((holds & relation) != 0 ? 1 : 0);
            x1 += step1;
            x2 += step2;
        }
    }
}
