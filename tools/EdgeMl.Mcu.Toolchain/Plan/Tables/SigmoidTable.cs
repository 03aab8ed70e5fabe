using System.Buffers.Binary;

namespace EdgeMl.Mcu.Toolchain.Plan.Tables;

/// <summary>Table and input scaling of the int16 logistic function and hyperbolic tangent.</summary>
public static class SigmoidTable
{
    private const double StepsPerUnit = 24;

    private const int Entries = 256;

    /// <summary>
    /// 256 uint16, the logistic function in Q0.16 at multiples of 1/24. Each is raised by half of what linear interpolation lacks in the middle of its step, so that errors
    /// balance; the last is the function's limit.
    /// </summary>
    public static byte[] Build()
    {
        byte[] bytes = new byte[2 * Entries];
        for (int i = 0; i < Entries; i++)
        {
            double error = Logistic(i + 0.5) - ((Logistic(i) + Logistic(i + 1)) / 2);
            double value = i == Entries - 1 ? ushort.MaxValue : Math.Round(Logistic(i) + (error / 2), MidpointRounding.AwayFromZero);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), (ushort)value);
        }
        return bytes;
    }

    private static double Logistic(double step) => 65536 / (1 + Math.Exp(-step / StepsPerUnit));

    /// <summary>Multiplier and right shift that bring an input to steps of 1 / 12288.</summary>
    /// <param name="scale">Scale of the input.</param>
    /// <param name="exactShift">Powers of two from 2^-12 up to 2^(this - 12) are exact.</param>
    /// <exception cref="LoweringException">The scale is over 2.6.</exception>
    public static (int Multiplier, int Shift) Scaling(float scale, int exactShift)
    {
        double exponent = Math.Log2(scale);
        double shiftFromQ3 = 12 + Math.Round(exponent);
        if (Math.Abs(exponent - Math.Round(exponent)) < 1e-3 && shiftFromQ3 >= 0 && shiftFromQ3 <= exactShift)
            return (3 << (int)shiftFromQ3, 0);
        double multiplier = scale * 4096.0 * 3.0;
        int shift = 0;
        for (; multiplier <= 32767.0 / 2 && shift <= 30; shift++)
            multiplier *= 2;
        return multiplier <= short.MaxValue ? ((int)multiplier, shift) : throw new LoweringException($"its input scale {scale} is too large");
    }
}
