namespace EdgeMl.Mcu.Runtime.Edges;

/// <summary>Softmax, its logarithm, and the logistic function on float32 rows, in place, for models that end with them after Dequantize.</summary>
/// <remarks>Operations and their order are the TensorFlow Lite reference's.</remarks>
public static class FloatSoftmax
{
    /// <summary>Softmax over rows of <paramref name="depth"/> values.</summary>
    public static void Softmax(float[] values, int depth)
    {
        for (int start = 0; start < values.Length; start += depth)
        {
            int end = start + depth;
            float max = Max(values, start, end);
            float sum = 0;
            for (int i = start; i < end; i++)
            {
                values[i] = FloatMath.Exp(values[i] - max);
                sum += values[i];
            }
            for (int i = start; i < end; i++)
                values[i] = values[i] / sum;
        }
    }

    /// <summary>Logarithm of softmax over rows of <paramref name="depth"/> values.</summary>
    public static void LogSoftmax(float[] values, int depth)
    {
        for (int start = 0; start < values.Length; start += depth)
        {
            int end = start + depth;
            float max = Max(values, start, end);
            float sum = 0;
            for (int i = start; i < end; i++)
                sum += FloatMath.Exp(values[i] - max);
            float logSum = FloatMath.Log(sum);
            for (int i = start; i < end; i++)
                values[i] = values[i] - max - logSum;
        }
    }

    /// <summary>The logistic function of each value, <c>1 / (1 + e^-x)</c>; below 0 as 1 less that of the opposite.</summary>
    public static void Logistic(float[] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            float x = values[i];
            float y = 1 / (1 + FloatMath.Exp(x < 0 ? x : -x));
            values[i] = x < 0 ? 1 - y : y;
        }
    }

    private static float Max(float[] values, int start, int end)
    {
        float max = values[start];
        for (int i = start + 1; i < end; i++)
        {
            if (values[i] > max)
                max = values[i];
        }
        return max;
    }
}
