using EdgeMl.Mcu.Toolchain.Quantizing;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Quantizing;

public class RangeEstimatorTests
{
    private const int Count = 400_000;

    [Fact]
    public void Least_squares_keeps_a_uniform_distribution_whole()
    {
        ValueRange range = LeastSquaresRange.Of(Of(random => (2 * random.NextDouble()) - 1));
        Assert.InRange(range.Min, -1, -0.99f);
        Assert.InRange(range.Max, 0.99f, 1);
    }

    // J. Max, "Quantizing for minimum distortion", 1960, continued to 256 levels: the best uniform steps end at 3.94 standard deviations.
    [Fact]
    public void Least_squares_cuts_a_normal_distribution_near_four_standard_deviations()
    {
        ValueRange range = LeastSquaresRange.Of(Of(Normal));
        Assert.InRange(range.Min, -4.4f, -3.5f);
        Assert.InRange(range.Max, 3.5f, 4.4f);
    }

    // 256 steps up to a of an exponential distribution err by a² / (12 256²) + 2 e^-a in the mean, which is least at a = 11.2.
    [Fact]
    public void Least_squares_cuts_an_exponential_distribution_at_its_upper_end()
    {
        ValueRange range = LeastSquaresRange.Of(Of(random => -Math.Log(1 - random.NextDouble())));
        Assert.InRange(range.Min, 0, 1e-3f);
        Assert.InRange(range.Max, 10.4f, 12);
    }

    [Fact]
    public void Least_squares_keeps_an_outlier_only_where_cutting_it_costs_more()
    {
        ValueRange far = LeastSquaresRange.Of(Of(random => random.NextDouble(), 1000, 100));
        Assert.InRange(far.Max, 99.5f, 100);
        ValueRange near = LeastSquaresRange.Of(Of(random => random.NextDouble(), 1_000_000, 1.3f));
        Assert.InRange(near.Max, 0.99f, 1.1f);
    }

    [Fact]
    public void No_other_estimator_has_a_smaller_error_than_least_squares() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        double power = 1 + (3 * random.NextDouble()), shift = random.NextDouble();
        float[] values = [.. Enumerable.Range(0, 20_000).Select(_ => (float)(Math.Pow(Normal(random), power > 2 ? 3 : 1) + shift))];
        Histogram histogram = Of(values);
        double best = Error(values, LeastSquaresRange.Of(histogram));
        return new[] { histogram.Range, histogram.Without(99.9), EntropyRange.Of(histogram) }.All(range => best <= Error(values, range) * 1.03);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));

    [Fact]
    public void Entropy_keeps_a_uniform_distribution()
    {
        ValueRange range = EntropyRange.Of(Of(random => random.NextDouble() - 0.5));
        Assert.InRange(range.Min, -0.5f, -0.45f);
        Assert.InRange(range.Max, 0.45f, 0.5f);
    }

    [Fact]
    public void Entropy_cuts_rare_values_far_away()
    {
        ValueRange range = EntropyRange.Of(Of(Normal, Count, 60));
        Assert.InRange(range.Max, 2.5f, 20);
        Assert.InRange(range.Min, -6, -2.5f);
    }

    [Fact]
    public void Entropy_is_not_led_astray_by_the_zeros_behind_a_relu()
    {
        ValueRange range = EntropyRange.Of(Of(random => Math.Max(0, Normal(random))));
        Assert.Equal(0, range.Min);
        Assert.InRange(range.Max, 2.5f, 6);
    }

    [Fact]
    public void Every_range_lies_within_the_values_and_keeps_zero_where_they_have_it() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        float low = 10 * random.NextSingle() - 8, high = low + 10 * random.NextSingle();
        float[] values = GraphBuilder.Values(random, random.Next(1, 300), low, high);
        Histogram histogram = Of(values);
        return new[] { LeastSquaresRange.Of(histogram), EntropyRange.Of(histogram) }.All(range =>
            range.Min >= histogram.Range.Min && range.Max <= histogram.Range.Max && range.Min <= range.Max
            && (histogram.Range.Min > 0 || histogram.Range.Max < 0 || (range.Min <= 0 && range.Max >= 0)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));

    [Fact]
    public void Equal_values_have_a_range_of_their_own()
    {
        Histogram histogram = Of([3f, 3f, 3f]);
        Assert.Equal(new ValueRange(3, 3), LeastSquaresRange.Of(histogram));
        Assert.Equal(new ValueRange(3, 3), EntropyRange.Of(histogram));
    }

    private static Histogram Of(Func<Random, double> draw, int count = Count, params float[] more)
    {
        var random = new Random(7);
        return Of([.. Enumerable.Range(0, count).Select(_ => (float)draw(random)), .. more]);
    }

    private static Histogram Of(float[] values)
    {
        var histogram = new Histogram(ValueRange.Of(values));
        histogram.Add(values);
        return histogram;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double Error(float[] values, ValueRange range)
    {
        EdgeMl.Mcu.Toolchain.Graph.Quantization q = range.ToInt8();
        return values.Sum(value =>
        {
            double step = Math.Clamp(Math.Round(value / q.Scale) + q.ZeroPoint, -128, 127);
            return Math.Pow(value - (step - q.ZeroPoint) * q.Scale, 2);
        });
    }
}
