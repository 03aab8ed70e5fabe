using EdgeMl.Mcu.Toolchain.Graph;
using static EdgeMl.Mcu.Runtime.Arithmetic.FixedPoint;

namespace EdgeMl.Mcu.Toolchain.Plan.Tables;

/// <summary>x * relu6(x + 3) / 6 with the 16-bit intermediates of the TensorFlow Lite reference.</summary>
internal static class HardSwishTable
{
    private const int InputBits = 7;

    public static sbyte[] Build(Quantization input, Quantization output)
    {
        float highResolution = (1.0f / (1 << InputBits)) * input.Scale;
        (short outputMultiplier, int outputExponent) = Narrow(highResolution / output.Scale);
        (short gateMultiplier, int gateExponent) = Narrow(highResolution / (3.0f / 32768.0f));
        var table = new sbyte[256];
        for (int x = -128; x <= 127; x++)
        {
            short shifted = Saturate((x - input.ZeroPoint) << InputBits);
            int gate = Gate(shifted, gateMultiplier, gateExponent);
            int product = gate * DoublingHighMul(shifted, outputMultiplier) / (1 << 15);
            int result = outputExponent <= 0 ? RoundingDivideByPowerOfTwo(product, -outputExponent) : SaturatingShiftLeft(product, outputExponent);
            table[x + 128] = (sbyte)Math.Clamp(result + output.ZeroPoint, -128, 127);
        }
        return table;
    }

    /// <summary>relu6(x + 3) / 6 in Q0.15.</summary>
    private static int Gate(short value, short multiplier, int exponent)
    {
        int gate = value;
        if (exponent > 0)
            gate = Saturate(SaturatingShiftLeft(gate, exponent - 1));
        gate = DoublingHighMul((short)gate, multiplier);
        if (exponent > 0)
            gate = Saturate(gate << 1);
        else if (exponent < 0)
            gate = RoundingDivideByPowerOfTwo(gate, -exponent);
        return (gate + (1 << 15)) >> 1;
    }

    private static (short Multiplier, int Exponent) Narrow(float factor)
    {
        QuantizedMultiplier wide = QuantizedMultiplier.FromReal(factor);
        return (Saturate((int)(((long)wide.Multiplier + (1 << 15)) >> 16)), wide.Shift);
    }

    private static short DoublingHighMul(short a, short b) =>
        a == b && a == short.MinValue ? short.MaxValue : (short)((a * b + (a * b >= 0 ? 1 << 14 : 1 - (1 << 14))) / (1 << 15));

    private static short Saturate(int value) => (short)Math.Clamp(value, short.MinValue, short.MaxValue);
}
