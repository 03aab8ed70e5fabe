using EdgeMl.Mcu.Bench.Hil.Calibration;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Bench.Tests.Hil;

public class SpeedFitTests
{
    [Fact]
    public void Layers_on_a_line_give_its_slope() => Prop.ForAll(
        Gen.Choose(1, 2_000).Select(n => n / 3.0).ToArbitrary(), Gen.Choose(1, 10_000_000).Select(n => (double)n).ListOf(6).ToArbitrary(),
        (nanoseconds, weights) =>
        {
            SpeedFit fit = SpeedFit.Of(Reports.Board(false, [.. weights.Select(weight => (weight * nanoseconds / 1000, weight))]));

            Assert.Equal(nanoseconds, fit.NanosecondsPerIl, nanoseconds * 1e-9);
            Assert.Equal(0, fit.MedianErrorPercent, 1e-6);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Disturbed_layers_with_less_than_half_of_the_instructions_do_not_move_it()
    {
        SpeedFit fit = SpeedFit.Of(Reports.Board(false, (100, 1000), (200, 2000), (300, 3000), (90_000, 2500), (0.1, 2000)));

        Assert.Equal(100, fit.NanosecondsPerIl, 1e-9);
        Assert.Equal((5, 1), (fit.Layers, fit.Models));
        Assert.Equal(-99.722, fit.Residuals[3].ErrorPercent, 1e-3);
    }

    [Fact]
    public void The_sum_of_absolute_errors_is_least() => Prop.ForAll(
        Gen.Choose(1, 1000).Two().Select(pair => ((double)pair.Item1, (double)pair.Item2)).ListOf(7).ToArbitrary(), Gen.Choose(1, 400).ToArbitrary(),
        (layers, percent) =>
        {
            double best = SpeedFit.Of(Reports.Board(false, [.. layers])).NanosecondsPerIl;
            double other = best * percent / 100;

            Assert.True(Cost(best) <= Cost(other) + 1e-9);

            double Cost(double nanoseconds) => layers.Sum(layer => Math.Abs(layer.Item1 - (layer.Item2 * nanoseconds / 1000)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Counted_times_measure_nothing()
    {
        BenchException error = Assert.Throws<BenchException>(() => SpeedFit.Of(Reports.Board(true, (1, 1), (2, 2), (3, 3), (4, 4))));

        Assert.Equal(BenchErrorCodes.NotCalibrated, error.Code);
        Assert.Contains("virtual", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Few_layers_are_refused() =>
        Assert.Equal(BenchErrorCodes.NotCalibrated, Assert.Throws<BenchException>(() => SpeedFit.Of(Reports.Board(false, (1, 1), (2, 2), (3, 3)))).Code);
}
