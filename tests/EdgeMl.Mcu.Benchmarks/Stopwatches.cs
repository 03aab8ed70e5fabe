using System.Diagnostics;

namespace EdgeMl.Mcu.Benchmarks;

/// <summary>Times actions. The least of many rounds is what the code costs; what other processes take only adds to a round.</summary>
internal static class Stopwatches
{
    private const int RoundsMin = 5;
    private const double RoundSeconds = 0.02;

    /// <summary>Milliseconds of one call: the least average over rounds of about 20 ms, for as long as <paramref name="seconds"/>.</summary>
    public static double Milliseconds(Action action, double seconds = 0.5)
    {
        action();
        int calls = 1;
        while (Round(action, calls) < RoundSeconds / 2)
            calls *= 2;
        double least = double.MaxValue;
        long end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        for (int round = 0; round < RoundsMin || Stopwatch.GetTimestamp() < end; round++)
            least = Math.Min(least, Round(action, calls) / calls);
        return least * 1000;
    }

    private static double Round(Action action, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
            action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
