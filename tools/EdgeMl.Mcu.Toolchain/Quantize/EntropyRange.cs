namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>
/// The range that loses the least information: the Kullback-Leibler divergence of the distribution of int8 values from that of the real ones,
/// saturated values counted at the ends (S. Migacz, "8-bit inference with TensorRT", 2017; here for asymmetric ranges, each end in turn).
/// </summary>
/// <remarks>
/// Few values in many bins diverge from their smooth distribution by chance, and the more the wider the range is; what chance is expected to give, half a
/// nat for each bin that shares a level with others over the number of values, is taken off.
/// </remarks>
internal static class EntropyRange
{
    private const int Levels = 256;
    private const int Bins = 2048;
    private const int Merged = Histogram.BinCount / Bins;
    private const int Candidates = 64;
    private const int RoundsMax = 3;

    /// <summary>What a level without values of its own counts as, so that the divergence stays finite.</summary>
    private const double Smallest = 1e-9;

    /// <summary>Finds the range; no end is searched beyond the point where fewer bins than levels remain.</summary>
    public static ValueRange Of(Histogram histogram)
    {
        long[] bins = Merge(histogram);
        (int lowMax, int highMin) = (histogram.ZeroBin / Merged, (histogram.ZeroBin / Merged) + 1);
        int low = 0, high = Bins;
        double best = Divergence(bins, low, high);
        for (int round = 0; round < RoundsMax; round++)
        {
            (int oldLow, int oldHigh) = (low, high);
            for (int i = 1; i < Candidates; i++)
            {
                int candidate = Bins - ((Bins - highMin) * i / Candidates);
                if (candidate - low >= Levels && Divergence(bins, low, candidate) is var divergence && divergence < best)
                    (best, high) = (divergence, candidate);
            }
            for (int i = 1; i < Candidates; i++)
            {
                int candidate = lowMax * i / Candidates;
                if (high - candidate >= Levels && Divergence(bins, candidate, high) is var divergence && divergence < best)
                    (best, low) = (divergence, candidate);
            }
            if ((low, high) == (oldLow, oldHigh))
                break;
        }
        return histogram.RangeOf(low * Merged, high * Merged);
    }

    /// <summary>
    /// Wider bins. Values that are exactly 0 are none to compare, as every int8 quantisation has them exactly: the bin of 0 is taken for no fuller than
    /// the bins beside it.
    /// </summary>
    private static long[] Merge(Histogram histogram)
    {
        var merged = new long[Bins];
        ReadOnlySpan<long> bins = histogram.Bins;
        int zero = histogram.ZeroBin;
        for (int i = 0; i < bins.Length; i++)
        {
            long beside = Math.Max(i > 0 ? bins[i - 1] : 0, i + 1 < bins.Length ? bins[i + 1] : 0);
            merged[i / Merged] += i == zero ? Math.Min(bins[i], beside) : bins[i];
        }
        return merged;
    }

    /// <summary>
    /// <c>Σ p log(p / q)</c> over the bins from <paramref name="low"/> to <paramref name="high"/>: p holds the values outside in its end bins; q spreads the
    /// values inside evenly over the bins of a level that have any.
    /// </summary>
    private static double Divergence(ReadOnlySpan<long> bins, int low, int high)
    {
        double below = Sum(bins[..low]), above = Sum(bins[high..]), inside = Sum(bins[low..high]), total = below + inside + above;
        if (inside == 0)
            return double.PositiveInfinity;
        double divergence = 0, chance = 0;
        int count = high - low;
        for (int level = 0; level < Levels; level++)
        {
            int start = low + (int)((long)count * level / Levels), end = low + (int)((long)count * (level + 1) / Levels);
            double sum = 0;
            int used = 0;
            for (int i = start; i < end; i++)
            {
                sum += bins[i];
                used += bins[i] > 0 ? 1 : 0;
            }
            chance += Math.Max(0, used - 1);
            double q = used == 0 ? Smallest : sum / used / inside;
            for (int i = start; i < end; i++)
            {
                double p = (bins[i] + (i == low ? below : 0) + (i == high - 1 ? above : 0)) / total;
                if (p > 0)
                    divergence += p * Math.Log(p / (bins[i] > 0 ? q : Smallest));
            }
        }
        return divergence - (chance / 2 / total);
    }

    private static double Sum(ReadOnlySpan<long> bins) => System.Numerics.Tensors.TensorPrimitives.Sum(bins);
}
