namespace EdgeMl.Mcu.Toolchain.Plan.Tables;

/// <summary>How softmax brings differences of int8 values to Q5.26.</summary>
/// <param name="Factor">Multiplier from a difference to Q5.26; at least 1.</param>
/// <param name="LeastDifference">The least difference, not positive, whose exponential counts.</param>
public readonly record struct SoftmaxScaling(QuantizedMultiplier Factor, int LeastDifference)
{
    private const int IntegerBits = 5;
    private const int FractionalBits = 31 - IntegerBits;

    /// <summary>Scaling for an input scale and a factor beta on it.</summary>
    /// <exception cref="LoweringException">beta or the scale is not positive, or so small that all differences count as 0.</exception>
    public static SoftmaxScaling For(float scale, float beta)
    {
        double factor = Math.Min((double)beta * scale * (1 << FractionalBits), (1L << 31) - 1.0);
        if (!(factor > 1))
            throw new LoweringException($"its input scale {scale} times beta {beta} is too small");
        int shift = Math.ILogB(factor) + 1;
        long multiplier = (long)Math.Round(Math.ScaleB(factor, 31 - shift), MidpointRounding.AwayFromZero);
        if (multiplier == 1L << 31)
        {
            multiplier /= 2;
            shift++;
        }
        return new SoftmaxScaling(new QuantizedMultiplier((int)multiplier, shift), -InputRadius(IntegerBits, shift));
    }

    /// <summary>Greatest magnitude that still fits the integer bits after scaling by a left shift.</summary>
    public static int InputRadius(int integerBits, int leftShift) =>
        (int)Math.Floor(((1 << integerBits) - 1) * (double)(1L << (31 - integerBits)) / Math.ScaleB(1, leftShift));

    /// <summary>The factor from Q5.26 back to a difference.</summary>
    public QuantizedMultiplier Reverse() => QuantizedMultiplier.FromReal((double)(1L << (31 - Factor.Shift)) / Factor.Multiplier);

    /// <summary>e^-d in Q0.31 for the differences d = 0, 1, … that count.</summary>
    public int[] ExpTable()
    {
        var table = new int[Math.Min(256, 1 - LeastDifference)];
        for (int difference = 0; difference < table.Length; difference++)
            table[difference] = FixedPointFunctions.ExpOnNegative(Factor.Apply(-difference), IntegerBits);
        return table;
    }
}
