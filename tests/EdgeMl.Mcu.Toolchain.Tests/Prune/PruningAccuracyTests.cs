using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Toolchain.Tests.Pruning;

public class PruningAccuracyTests
{
    [Fact]
    public void Compensation_keeps_accuracy_that_removal_by_magnitude_loses()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        PruningCurve[] curves = [.. PruningCurve.Models.Select(model => PruningCurve.Measure(model, TestContext.Current.CancellationToken))];
        foreach (PruningCurve curve in curves)
        {
            Assert.All(curve.Points, point => Assert.True(point.Obs >= point.Magnitude - 1, $"{curve.Model} at {point.Sparsity}: {point.Obs} and {point.Magnitude} of {curve.Total}"));
            PruningPoint half = curve.Points.Single(point => point.Sparsity == 0.5);
            Assert.True(100 * (curve.Dense - half.Obs) <= curve.Total, $"{curve.Model} at 50 %: {half.Obs} of {curve.Total}, {curve.Dense} before");
        }
        double difference = curves.Average(curve => curve.Points.Average(point => 100.0 * (point.Obs - point.Magnitude) / curve.Total));
        Assert.True(difference >= 2, $"obs is {difference} points above magnitude");
    }
}
