namespace EdgeMl.Mcu.Runtime.Edges;

/// <summary>Quantize and Dequantize where a model meets the outside: float32 arithmetic of the TensorFlow Lite reference, element by element.</summary>
public static class FloatEdge
{
    /// <summary>Quantises one real value: float32 quotient, half away from zero, held within int8. NaN counts as 0.</summary>
    public static int Quantize(float value, float scale, int zeroPoint)
    {
        double quotient = value / scale;
        if (!(quotient >= -512))
            return quotient < -512 ? -128 : zeroPoint;
        if (quotient > 512)
            return 127;
        int quantized = zeroPoint + (quotient < 0 ? -(int)(0.5 - quotient) : (int)(quotient + 0.5));
        if (quantized < -128)
            return -128;
        return quantized > 127 ? 127 : quantized;
    }

    /// <summary><see cref="Format.TensorEdge.FloatCeiling"/> of all values, into the arena from an offset on.</summary>
    public static void Ceiling(float[] values, sbyte[] arena, int offset, float scale, int zeroPoint)
    {
        for (int i = 0; i < values.Length; i++)
        {
            float quotient = values[i] / scale;
            int code = 127;
            if (quotient < -512)
            {
                code = -128;
            }
            else if (quotient < 512)
            {
                code = (int)quotient;
                code += quotient > code ? zeroPoint + 1 : zeroPoint;
                code = code > 127 ? 127 : code < -128 ? -128 : code;
            }
            arena[offset + i] = (sbyte)code;
        }
    }

    /// <summary>Quantises all values into the arena from an offset on.</summary>
    public static void Quantize(float[] values, sbyte[] arena, int offset, float scale, int zeroPoint)
    {
        for (int i = 0; i < values.Length; i++)
            arena[offset + i] = (sbyte)Quantize(values[i], scale, zeroPoint);
    }

    /// <summary>Fills <paramref name="values"/> with the reals that the arena holds from an offset on.</summary>
    public static void Dequantize(sbyte[] arena, int offset, float[] values, float scale, int zeroPoint)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = scale * (arena[offset + i] - zeroPoint);
    }
}
