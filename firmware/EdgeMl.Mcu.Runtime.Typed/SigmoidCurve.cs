using System;

namespace EdgeMl.Mcu.Runtime.Typed;

/// <summary>
/// Logistic function and hyperbolic tangent, <c>tanh x = 2 logistic(2x) - 1</c>, of int16 layers, by linear interpolation. The table has 256 uint16: the logistic function in
/// Q0.16 at 0, 1/24, 2/24 …
/// </summary>
internal static class SigmoidCurve
{
    /// <summary>Entries of the table.</summary>
    internal const int Entries = 256;

    /// <summary>Bytes of the table.</summary>
    internal const int Bytes = 2 * Entries;

    /// <summary>logistic(x / 12288) in Q0.15; the function for negative x is 1 less that for -x.</summary>
    internal static int Logistic(byte[] weights, int table, int x)
    {
        int result = Interpolate(weights, table, x < 0 ? -x : x, 9, 0x7FFF << 10);
        return (x >= 0 ? result + (1 << 9) : (1 << 25) - result + (1 << 9) - 1) >> 10;
    }

    /// <summary>tanh(x / 12288) in Q0.15; the function for negative x is the negative of that for -x.</summary>
    internal static int Tanh(byte[] weights, int table, int x)
    {
        int result = Interpolate(weights, table, x < 0 ? -x : x, 8, 0xFFFF << 8);
        return (x >= 0 ? result - (1 << 23) + (1 << 7) : -result + (1 << 23) + (1 << 7) - 1) >> 8;
    }

    /// <summary>The table at <c>x / 2^bits</c>, times 2^bits; <paramref name="beyond"/> from its last entry on.</summary>
    private static int Interpolate(byte[] weights, int table, int x, int bits, int beyond)
    {
        int index = x >> bits;
        if (index < 0 || index >= Entries - 1)
            return beyond;
        int left = BitConverter.ToUInt16(weights, table + (index << 1));
        int right = BitConverter.ToUInt16(weights, table + (index << 1) + 2);
        return (left << bits) + ((x & ((1 << bits) - 1)) * (right - left));
    }
}
