namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>Rank statistics.</summary>
internal static class Ranks
{
    /// <summary>Spearman's rank correlation, -1 to 1: Pearson's correlation of the ranks, equal values sharing their mean rank.</summary>
    public static double Correlation(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        double[] a = Of(x);
        double[] b = Of(y);
        double mean = (a.Length - 1) / 2.0;
        double covariance = a.Zip(b, (u, v) => (u - mean) * (v - mean)).Sum();
        return covariance / Math.Sqrt(a.Sum(u => (u - mean) * (u - mean)) * b.Sum(v => (v - mean) * (v - mean)));
    }

    private static double[] Of(IReadOnlyList<double> values) =>
        [.. values.Select(value => values.Count(other => other < value) + ((values.Count(other => other == value) - 1) / 2.0))];
}
