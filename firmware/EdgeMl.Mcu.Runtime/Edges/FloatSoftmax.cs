namespace EdgeMl.Mcu.Runtime.Edges;

/// <summary>Softmax and its logarithm on float32 rows, in place, for models that end with them after Dequantize.</summary>
/// <remarks>
/// Operations and their order are the TensorFlow Lite reference's. Exponential and logarithm are computed in float64 and rounded once,
/// which gives the float32 nearest to the true value but for about one argument in a hundred million.
/// </remarks>
public static class FloatSoftmax
{
    private const double Log2 = 0.69314718055994530942;

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
                values[i] = (float)Exp(values[i] - max);
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
                sum += (float)Exp(values[i] - max);
            float logSum = (float)Log(sum);
            for (int i = start; i < end; i++)
                values[i] = values[i] - max - logSum;
        }
    }

    /// <summary>e^x for x ≤ 0: e^x = 2^k e^r with |r| ≤ ln 2 / 2, Taylor series to the 13th power.</summary>
    internal static double Exp(double x)
    {
        if (x < -104)
            return 0;
        int k = (int)((x / Log2) - 0.5);
        double r = x - (k * Log2);
        double sum = 1;
        for (int i = 13; i > 0; i--)
            sum = 1 + (sum * r / i);
        for (; k < 0; k++)
            sum *= 0.5;
        return sum;
    }

    /// <summary>ln x for x ≥ 1: x = 2^k m with m in [0.75, 1.5], then 2 artanh((m - 1) / (m + 1)) by its series.</summary>
    internal static double Log(double x)
    {
        int k = 0;
        while (x > 1.5)
        {
            x *= 0.5;
            k++;
        }
        double t = (x - 1) / (x + 1);
        double square = t * t;
        double sum = 0;
        for (int i = 23; i > 0; i -= 2)
            sum = (sum * square) + (1.0 / i);
        return (k * Log2) + (2 * t * sum);
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
