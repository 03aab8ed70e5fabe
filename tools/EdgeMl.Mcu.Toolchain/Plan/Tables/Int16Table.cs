namespace EdgeMl.Mcu.Toolchain.Plan.Tables;

/// <summary>Tables of 513 values for functions of an int16 that is interpolated between them, in float32 as the TensorFlow Lite reference builds them.</summary>
public static class Int16Table
{
    private const int Steps = 512;

    /// <summary>
    /// The function at 513 points, scaled to the output. Each value is lowered by half of the interpolation's error in the middle of its step, so that errors
    /// at both ends and in the middle balance.
    /// </summary>
    /// <param name="inputScale">Scale of the input.</param>
    /// <param name="inputZeroPoint">Zero point of the input.</param>
    /// <param name="outputScale">Scale of the output, whose zero point is 0.</param>
    /// <param name="function">The function.</param>
    public static short[] Build(float inputScale, int inputZeroPoint, float outputScale, Func<float, float> function)
    {
        float first = inputScale * (short.MinValue - inputZeroPoint);
        float last = inputScale * (short.MaxValue - inputZeroPoint);
        float step = (last - first) / Steps;
        float half = step / 2;
        float inverse = 65536f / ((outputScale * short.MaxValue) - (outputScale * short.MinValue));
        var table = new short[Steps + 1];
        for (int i = 0; i < Steps; i++)
        {
            float value = Rounded(function(first + (i * step)) * inverse);
            float middle = Rounded(function(first + (i * step) + half) * inverse);
            float interpolated = Rounded(((function(first + ((i + 1) * step)) * inverse) + value) / 2);
            table[i] = Held(value - Rounded((interpolated - middle) / 2));
        }
        table[Steps] = Held(Rounded(function(last) * inverse));
        return table;
    }

    private static float Rounded(float value) => MathF.Round(value, MidpointRounding.AwayFromZero);

    private static short Held(float value) => (short)Math.Clamp(value, short.MinValue, short.MaxValue);
}
