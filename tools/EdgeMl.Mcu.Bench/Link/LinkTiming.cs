namespace EdgeMl.Mcu.Bench.Link;

/// <summary>Times of inferences on a device, by its own clock.</summary>
/// <param name="Totals">Microseconds of each inference that ran as a whole.</param>
/// <param name="Layers">For each layer in execution order, its microseconds in each inference that was stopped after every layer.</param>
/// <param name="TimerStep">Step of the device's clock: a time is right to about one step.</param>
public sealed record LinkTiming(IReadOnlyList<long> Totals, IReadOnlyList<IReadOnlyList<long>> Layers, TimeSpan TimerStep)
{
    /// <summary>Minimum, median and 99th percentile of whole inferences.</summary>
    public LatencySummary Total => LatencySummary.Of(Totals);

    /// <summary>The same of each layer.</summary>
    public IReadOnlyList<LatencySummary> LayerSummaries => [.. Layers.Select(LatencySummary.Of)];
}

/// <summary>Order statistics of times in microseconds, by nearest rank: the smallest value that at least the given part of all values does not exceed.</summary>
/// <param name="Minimum">The least.</param>
/// <param name="Median">50 of 100 are not above it.</param>
/// <param name="Percentile99">99 of 100 are not above it; the greatest where there are fewer than 100.</param>
public readonly record struct LatencySummary(long Minimum, long Median, long Percentile99)
{
    /// <summary>Of one or more times.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static LatencySummary Of(IReadOnlyList<long> microseconds)
    {
        if (microseconds.Count == 0)
            throw new ArgumentException("There are no times.", nameof(microseconds));
        long[] sorted = [.. microseconds.Order()];
        return new LatencySummary(sorted[0], sorted[Rank(sorted.Length, 50)], sorted[Rank(sorted.Length, 99)]);
    }

    private static int Rank(int count, int percent) => (((count * percent) + 99) / 100) - 1;
}
