using EdgeMl.Mcu.Runtime.Arithmetic;

namespace EdgeMl.Mcu.Runtime.Edges;

/// <summary><see cref="FloatEdge"/> for tensors of other types than int8. Types are numbers of <see cref="Format.TensorType"/>.</summary>
public static class TypedFloatEdge
{
    /// <summary>Quantises one real value: float32 quotient, half away from zero, held within the type (int8, uint8 or int16). NaN counts as 0.</summary>
    public static int Quantize(float value, float scale, int zeroPoint, int type)
    {
        const int Beyond = 1 << 17;
        double quotient = value / scale;
        if (!(quotient >= -Beyond))
            return quotient < -Beyond ? Element.Min(type) : zeroPoint;
        if (quotient > Beyond)
            return Element.Max(type);
        int quantized = zeroPoint + (quotient < 0 ? -(int)(0.5 - quotient) : (int)(quotient + 0.5));
        if (quantized < Element.Min(type))
            return Element.Min(type);
        return quantized > Element.Max(type) ? Element.Max(type) : quantized;
    }

    /// <summary>Quantises all values into the arena from a byte offset on.</summary>
    public static void Quantize(float[] values, sbyte[] arena, int offset, float scale, int zeroPoint, int type)
    {
        int shift = Element.SizeShift(type);
        for (int i = 0; i < values.Length; i++)
            Element.Write(arena, offset + (i << shift), type, Quantize(values[i], scale, zeroPoint, type));
    }

    /// <summary>Writes values into the arena as float32 from a byte offset on.</summary>
    public static void Write(float[] values, sbyte[] arena, int offset)
    {
        for (int i = 0; i < values.Length; i++)
            FloatBits.Write(arena, offset + (i << 2), values[i]);
    }

    /// <summary>Fills <paramref name="values"/> with the float32 that the arena holds from a byte offset on.</summary>
    public static void Read(sbyte[] arena, int offset, float[] values)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = FloatBits.Value(Element.ReadInt32(arena, offset + (i << 2)));
    }

    /// <summary>Fills <paramref name="values"/> with the reals that the arena holds from a byte offset on.</summary>
    public static void Dequantize(sbyte[] arena, int offset, float[] values, float scale, int zeroPoint, int type)
    {
        int shift = Element.SizeShift(type);
        for (int i = 0; i < values.Length; i++)
            values[i] = scale * (Element.Read(arena, offset + (i << shift), type) - zeroPoint);
    }
}
