using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Benchmarks;

/// <summary>Test accuracy against sparsity, without training: optimal brain surgeon and magnitude with the same sparsity of each layer.</summary>
internal static class PruningTable
{
    public static void Print()
    {
        Console.WriteLine($"{"pruning, test accuracy in %",-32} {"dense",8} {string.Join(' ', PruningCurve.Sparsities.Select(sparsity => $"{sparsity,8:P0}"))} {"mean",8}");
        PruningCurve[] curves = [.. PruningCurve.Models.Select(model => PruningCurve.Measure(model))];
        foreach (PruningCurve curve in curves)
        {
            Print(curve, $"{curve.Model} obs", point => point.Obs);
            Print(curve, $"{curve.Model} magnitude", point => point.Magnitude);
        }
        double obs = Mean(curves, point => point.Obs), magnitude = Mean(curves, point => point.Magnitude);
        Console.WriteLine($"mean of all: obs {obs:F2}, magnitude {magnitude:F2}, {obs - magnitude:F2} points apart");
    }

    private static double Mean(IEnumerable<PruningCurve> curves, Func<PruningPoint, int> correct) => curves.Average(curve => Mean(curve, correct));

    private static double Mean(PruningCurve curve, Func<PruningPoint, int> correct) => curve.Points.Average(point => 100.0 * correct(point) / curve.Total);

    private static void Print(PruningCurve curve, string name, Func<PruningPoint, int> correct) => Console.WriteLine(
        $"{name,-32} {100.0 * curve.Dense / curve.Total,8:F2} {string.Join(' ', curve.Points.Select(point => $"{100.0 * correct(point) / curve.Total,8:F2}"))} {Mean(curve, correct),8:F2}");
}
