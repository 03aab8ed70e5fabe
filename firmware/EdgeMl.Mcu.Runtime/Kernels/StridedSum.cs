namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>Sums of activations that lie a step apart.</summary>
internal static class StridedSum
{
    /// <summary>The sum of <paramref name="count"/> activations from <paramref name="x"/> on.</summary>
    public static int Of(sbyte[] arena, int x, int step, int count)
    {
        int sum = 0;
        int step2 = step + step;
        int step3 = step2 + step;
        int step4 = step3 + step;
        for (; count >= 4; count -= 4)
        {
            sum += arena[x] + arena[x + step] + arena[x + step2] + arena[x + step3];
            x += step4;
        }
        for (; count > 0; count--)
        {
            sum += arena[x];
            x += step;
        }
        return sum;
    }
}
