using EdgeMl.Mcu.Toolchain.Quantizing;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Quantizing;

public class SecondMomentRoundingTests
{
    [Fact]
    public void The_error_on_the_moments_is_never_larger_than_that_of_nearest_rounding() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(), Gen.Elements(7, 127).ToArbitrary(), (seed, limit) =>
        {
            var random = new Random(seed);
            int taps = random.Next(1, 30);
            // Often fewer samples than taps: a matrix that is not of full rank.
            double[] moments = Moments(random, taps, random.Next(0, 60));
            double[] weights = [.. Enumerable.Range(0, taps).Select(_ => random.NextDouble() - 0.5)];
            double scale = weights.Max(Math.Abs) / limit;
            var rounding = new SecondMomentRounding(moments, taps);
            (double best, int[] integers) = rounding.Round(weights, [scale, 0.8 * scale, 0.6 * scale], limit);
            int[] nearest = [.. weights.Select(weight => (int)Math.Round(weight / scale, MidpointRounding.AwayFromZero))];
            return integers.All(value => Math.Abs(value) <= limit)
                && rounding.Error(weights, best, integers) <= rounding.Error(weights, scale, nearest) + 1e-12;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_error_is_the_mean_square_of_what_the_output_changes() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        int taps = random.Next(1, 8), count = random.Next(1, 20);
        double[][] inputs = [.. Enumerable.Range(0, count).Select(_ => Vector(random, taps))];
        double[] weights = Vector(random, taps);
        int[] integers = [.. weights.Select(_ => random.Next(-7, 8))];
        double expected = inputs.Average(x => Math.Pow(x.Zip(weights, (a, w) => -a * w).Sum() + x.Zip(integers, (a, q) => 0.1 * a * q).Sum(), 2));
        return Math.Abs(expected - new SecondMomentRounding(Moments(inputs, taps), taps).Error(weights, 0.1, integers)) < 1e-9 * (1 + expected);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Correlated_inputs_let_the_weights_make_up_for_each_other()
    {
        // Both inputs are always equal: only the sum of the weights, 0.9, counts.
        var rounding = new SecondMomentRounding([1, 1, 1, 1], 2);
        (double scale, int[] integers) = rounding.Round([0.45, 0.45], [1], 7);
        Assert.Equal(1, scale * integers.Sum());
    }

    [Fact]
    public void Inputs_that_do_not_depend_on_each_other_get_nearest_weights()
    {
        var random = new Random(3);
        double[] weights = Vector(random, 20), moments = new double[400];
        for (int i = 0; i < 20; i++)
            moments[i * 21] = 1 + random.NextDouble();
        (double scale, int[] integers) = new SecondMomentRounding(moments, 20).Round(weights, [0.1], 127);
        Assert.Equal(weights.Select(weight => (int)Math.Round(weight / 0.1)), integers);
        Assert.Equal(0.1, scale);
    }

    [Fact]
    public void Moments_of_inputs_that_are_always_zero_leave_nearest_weights()
    {
        (double _, int[] integers) = new SecondMomentRounding(new double[9], 3).Round([0.26, -0.74, 1], [0.5], 7);
        Assert.Equal([1, -1, 2], integers);
    }

    private static double[] Moments(Random random, int taps, int samples)
    {
        double[] common = Vector(random, taps);
        return Moments([.. Enumerable.Range(0, samples).Select(_ =>
        {
            double shared = 2 * random.NextDouble();
            return Vector(random, taps).Zip(common, (own, part) => own + (shared * part)).ToArray();
        })], taps);
    }

    private static double[] Moments(double[][] inputs, int taps)
    {
        var moments = new double[taps * taps];
        foreach (double[] x in inputs)
        {
            for (int i = 0; i < moments.Length; i++)
                moments[i] += x[i / taps] * x[i % taps] / inputs.Length;
        }
        return moments;
    }

    private static double[] Vector(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextDouble() - 1)];
}
