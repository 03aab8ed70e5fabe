using System;
using EdgeMl.Mcu.Runtime.Arithmetic;
using P = EdgeMl.Mcu.Runtime.Kernels.Typed.Conversion;

namespace EdgeMl.Mcu.Runtime.Kernels.Typed;

/// <summary>int16 logistic or hyperbolic tangent, <c>tanh x = 2 logistic(2x) - 1</c>, by linear interpolation in a table. Output scale 2^-15, zero points 0.</summary>
/// <remarks>Weights: 256 uint16, the logistic function in Q0.16 at 0, 1/24, 2/24 …</remarks>
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

    /// <summary>Entries of the table.</summary>
    public const int Entries = 256;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        P.Validate(layer, 2);
        layer.Range(Multiplier, 0, short.MaxValue);
        layer.Range(Shift, 0, 31);
        layer.Range(Hyperbolic, 0, 1);
        layer.Weights(2 * Entries);
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
            Element.WriteInt16(arena, y, hyperbolic ? Tanh(frame, scaled) : Logistic(frame, scaled));
        }
    }

    /// <summary>logistic(x / 12288) in Q0.15; the function for negative x is 1 less that for -x.</summary>
    private static int Logistic(Frame frame, int x)
    {
        int result = Interpolate(frame, x < 0 ? -x : x, 9, 0x7FFF << 10);
        return (x >= 0 ? result + (1 << 9) : (1 << 25) - result + (1 << 9) - 1) >> 10;
    }

    /// <summary>tanh(x / 12288) in Q0.15; the function for negative x is the negative of that for -x.</summary>
    private static int Tanh(Frame frame, int x)
    {
        int result = Interpolate(frame, x < 0 ? -x : x, 8, 0xFFFF << 8);
        return (x >= 0 ? result - (1 << 23) + (1 << 7) : -result + (1 << 23) + (1 << 7) - 1) >> 8;
    }

    /// <summary>The table at <c>x / 2^bits</c>, times 2^bits; <paramref name="beyond"/> from its last entry on.</summary>
    private static int Interpolate(Frame frame, int x, int bits, int beyond)
    {
        int index = x >> bits;
        if (index < 0 || index >= Entries - 1)
            return beyond;
        int entry = frame.WeightOffset + (index << 1);
        int left = BitConverter.ToUInt16(frame.Weights, entry);
        int right = BitConverter.ToUInt16(frame.Weights, entry + 2);
        return (left << bits) + ((x & ((1 << bits) - 1)) * (right - left));
    }
}
