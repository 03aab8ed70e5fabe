namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>Calibration samples to estimate with, and others to measure on.</summary>
/// <param name="Estimation">Indices of the samples that parameters are estimated from, ascending.</param>
/// <param name="HeldBack">Indices of the samples that methods are compared on, ascending; the same ones where there are too few to hold some back.</param>
internal sealed record CalibrationSplit(int[] Estimation, int[] HeldBack)
{
    /// <summary>From this number of samples on, some are held back.</summary>
    public const int SamplesMin = 20;

    /// <summary>One sample in this many is held back, spread evenly, as data sets are often sorted by class or by recording.</summary>
    private const int Stride = 4;

    /// <summary>Whether the measured samples were not estimated from.</summary>
    public bool IsHeldBack => Estimation != HeldBack;

    /// <summary>Splits a number of samples.</summary>
    public static CalibrationSplit Of(int samples)
    {
        int[] all = [.. Enumerable.Range(0, samples)];
        if (samples < SamplesMin)
            return new CalibrationSplit(all, all);
        return new CalibrationSplit(
            [.. all.Where(i => i % Stride != Stride - 1)], [.. all.Where(i => i % Stride == Stride - 1)]);
    }

    /// <summary>At most <paramref name="count"/> of the samples, evenly spread.</summary>
    public static float[][][] Spread(IReadOnlyList<float[][]> samples, int count)
    {
        count = Math.Min(count, samples.Count);
        return [.. Enumerable.Range(0, count).Select(i => samples[(int)((long)i * samples.Count / count)])];
    }
}
