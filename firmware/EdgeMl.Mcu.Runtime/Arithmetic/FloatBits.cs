using System;
using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Runtime.Arithmetic;

/// <summary>float32 elements of the arena, <see cref="TensorType.Float32"/>: IEEE 754 binary32, little-endian.</summary>
public static class FloatBits
{
    /// <summary>2^149: makes a subnormal float32 the integer of its fraction.</summary>
    private const double SubnormalScale = 7.1362384635297994E+44;

    private const int ExponentBias = 1023 - 127;

    /// <summary>The 32 bits of a value. Every NaN has the bits of the positive quiet one.</summary>
    public static int Of(float value)
    {
        // The interpreter of the device takes NaN for equal to anything, so comparisons do not find it.
        long bits = BitConverter.DoubleToInt64Bits(value);
        int sign = (int)(bits >> 32) & int.MinValue;
        int exponent = (int)(bits >> 52) & 0x7FF;
        if (exponent == 0x7FF)
            return (bits & 0xFFFFFFFFFFFFF) != 0 ? 0x7FC00000 : sign | 0x7F800000;
        if (exponent > ExponentBias)
            return sign | ((exponent - ExponentBias) << 23) | ((int)(bits >> 29) & 0x7FFFFF);
        return sign | (int)((sign < 0 ? -value : value) * SubnormalScale);
    }

    /// <summary>The value of 32 bits; the sign and fraction of a NaN are lost.</summary>
    public static float Value(int bits)
    {
        int exponent = (bits >> 23) & 0xFF;
        int fraction = bits & 0x7FFFFF;
        if (exponent == 0)
        {
            double magnitude = fraction / SubnormalScale;
            return (float)(bits < 0 ? -magnitude : magnitude);
        }
        if (exponent == 0xFF && fraction != 0)
            return float.NaN;
        long wide = exponent == 0xFF ? 0x7FF : exponent + ExponentBias;
        return (float)BitConverter.Int64BitsToDouble(((long)(bits & int.MinValue) << 32) | (wide << 52) | ((long)fraction << 29));
    }

    /// <summary>
    /// A number that orders float32 values as their values do: -0 and 0 alike, the infinities at the ends, every NaN beyond them as int.MaxValue or,
    /// with <paramref name="missingIsLeast"/>, as int.MinValue.
    /// </summary>
    public static int Key(int bits, bool missingIsLeast)
    {
        int magnitude = bits & int.MaxValue;
        if (magnitude > 0x7F800000)
            return missingIsLeast ? int.MinValue : int.MaxValue;
        return bits < 0 ? -magnitude : magnitude;
    }

    /// <summary>Writes a value at a byte offset that is neither 0 nor subnormal, infinite or NaN: what any other value leaves there is not said.</summary>
    public static void WriteNormal(sbyte[] arena, int offset, float value)
    {
        long wide = BitConverter.DoubleToInt64Bits(value);
        int bits = (int)(((wide & long.MaxValue) >> 29) - ((long)ExponentBias << 23));
        if (wide < 0)
            bits |= int.MinValue;
        arena[offset] = (sbyte)bits;
        arena[offset + 1] = (sbyte)(bits >> 8);
        arena[offset + 2] = (sbyte)(bits >> 16);
        arena[offset + 3] = (sbyte)(bits >> 24);
    }

    /// <summary>Writes a value at a byte offset.</summary>
    public static void Write(sbyte[] arena, int offset, float value)
    {
        Element.WriteInt32(arena, offset, Of(value));
    }
}
