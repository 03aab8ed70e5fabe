using EdgeMl.Mcu.Toolchain.Pruning;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Pruning;

public class QuadraticErrorTests
{
    private const double Damping = 0.01;

    private static readonly Arbitrary<(int Taps, int Seed, int Kept)> Cases = (
        from taps in Gen.Choose(1, 12)
        from seed in Gen.Choose(0, int.MaxValue)
        from kept in Gen.Choose(0, 1 << taps)
        select (taps, seed, kept)).ToArbitrary();

    [Fact]
    public void Compensation_never_increases_the_error() => Prop.ForAll(Cases, c =>
    {
        (QuadraticError error, double[] weights) = Layer(c.Taps, c.Seed);
        bool[] isKept = Mask(c.Taps, c.Kept);
        double[] removed = [.. weights.Select((weight, tap) => isKept[tap] ? weight : 0)];
        double[] compensated = error.Minimum(weights, isKept);
        return compensated.Where((weight, tap) => !isKept[tap]).All(weight => weight == 0)
            && error.Of(weights, compensated) <= error.Of(weights, removed) * (1 + 1e-9) + 1e-12;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_other_change_of_a_kept_weight_has_less_error() => Prop.ForAll(Cases, c =>
    {
        (QuadraticError error, double[] weights) = Layer(c.Taps, c.Seed);
        bool[] isKept = Mask(c.Taps, c.Kept);
        double[] best = error.Minimum(weights, isKept);
        double least = error.Of(weights, best);
        return Enumerable.Range(0, c.Taps).Where(tap => isKept[tap]).SelectMany(tap => new[] { (tap, 1e-3), (tap, -1e-3) })
            .All(change => error.Of(weights, [.. best.Select((weight, tap) => tap == change.tap ? weight + change.Item2 : weight)]) >= least);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_losses_of_an_elimination_add_up_to_the_error_of_the_compensated_weights() => Prop.ForAll(Cases, c =>
    {
        (QuadraticError error, double[] weights) = Layer(c.Taps, c.Seed);
        Elimination elimination = Elimination.Of([(double[])weights.Clone()], [error.Inverse], new bool[c.Taps]);
        var isKept = new bool[c.Taps];
        Array.Fill(isKept, true);
        double sum = 0;
        for (int step = 0; step < c.Taps; step++)
        {
            isKept[elimination.Order[step]] = false;
            sum += elimination.Losses[step];
            double actual = error.Of(weights, error.Minimum(weights, isKept));
            if (elimination.Losses[step] < 0 || Math.Abs(actual - sum) > 1e-6 * (1 + actual))
                return false;
        }
        return elimination.Order.Order().SequenceEqual(Enumerable.Range(0, c.Taps));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_elimination_begins_with_the_tap_whose_removal_costs_least() => Prop.ForAll(Cases, c =>
    {
        (QuadraticError error, double[] weights) = Layer(c.Taps, c.Seed);
        double[] other = [.. weights.Select(weight => 1 - weight)];
        Elimination elimination = Elimination.Of([(double[])weights.Clone(), (double[])other.Clone()], [error.Inverse, error.Inverse], new bool[c.Taps]);
        double[] losses = [.. Enumerable.Range(0, c.Taps).Select(removed =>
        {
            bool[] isKept = [.. Enumerable.Range(0, c.Taps).Select(tap => tap != removed)];
            return error.Of(weights, error.Minimum(weights, isKept)) + error.Of(other, error.Minimum(other, isKept));
        })];
        return Math.Abs(losses[elimination.Order[0]] - losses.Min()) <= 1e-9 * (1 + losses.Min());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_loss_of_several_taps_is_the_error_of_the_compensated_weights() => Prop.ForAll(Cases, c =>
    {
        (QuadraticError error, double[] weights) = Layer(c.Taps, c.Seed);
        bool[] isKept = Mask(c.Taps, c.Kept);
        int[] removed = [.. Enumerable.Range(0, c.Taps).Where(tap => !isKept[tap])];
        double actual = error.Of(weights, error.Minimum(weights, isKept));
        return removed.Length == 0 || Math.Abs(error.LossOf([weights], removed) - actual) <= 1e-6 * (1 + actual);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Weights_that_are_0_go_first_and_cost_nothing()
    {
        (QuadraticError error, double[] weights) = Layer(6, 1);
        weights[2] = weights[4] = 0;
        Elimination elimination = Elimination.Of([(double[])weights.Clone()], [error.Inverse], Array.ConvertAll(weights, weight => weight == 0));
        Assert.Equal([2, 4], elimination.Order.Take(2).Order());
        Assert.Equal([0, 0], elimination.Losses.Take(2));
    }

    [Fact]
    public void Rounding_with_compensation_has_less_error_than_rounding_to_nearest()
    {
        double compensated = 0, nearest = 0;
        var grid = new WeightGrid(0.1, 3, -127, 127, 1);
        for (int seed = 0; seed < 200; seed++)
        {
            (QuadraticError error, double[] weights) = Layer(10, seed);
            bool[] isKept = Mask(10, 0b1101101111);
            double[] least = error.Minimum(weights, isKept), rounded = (double[])least.Clone();
            error.Round(rounded, isKept, grid);
            Assert.All(rounded.Zip(isKept), pair => Assert.Equal(pair.Second ? grid.Nearest(pair.First) : 0, pair.First, 1e-12));
            double removal = error.Of(weights, least);
            compensated += error.Of(weights, rounded) - removal;
            nearest += error.Of(weights, [.. least.Select((weight, tap) => isKept[tap] ? grid.Nearest(weight) : 0)]) - removal;
        }
        Assert.True(compensated < 0.7 * nearest, $"{compensated} and {nearest}");
    }

    [Fact]
    public void Changed_inputs_give_the_least_squares_solution_for_the_old_outputs()
    {
        // z = A x with an invertible A: the weights wᵀ A⁻¹ give the old outputs exactly.
        double[,] a = { { 2, 1 }, { 0, 0.5 } };
        double[] w = [3, -1];
        double[] xx = [1, 0.2, 0.2, 1];
        double[] xz = Multiply(xx, [a[0, 0], a[1, 0], a[0, 1], a[1, 1]]), zz = Multiply([a[0, 0], a[0, 1], a[1, 0], a[1, 1]], xz);
        double[] v = new QuadraticError(zz, xz, 1e-9).Minimum(w);
        Assert.Equal([1.5, -5], [Math.Round(v[0], 6), Math.Round(v[1], 6)]);
    }

    private static double[] Multiply(double[] m, double[] n) =>
        [m[0] * n[0] + m[1] * n[2], m[0] * n[1] + m[1] * n[3], m[2] * n[0] + m[3] * n[2], m[2] * n[1] + m[3] * n[3]];

    /// <summary>A layer whose inputs are mixed, with one output.</summary>
    private static (QuadraticError Error, double[] Weights) Layer(int taps, int seed)
    {
        var random = new Random(seed);
        var moments = new double[taps * taps];
        for (int sample = 0; sample < 2 * taps; sample++)
        {
            double common = random.NextDouble();
            double[] x = [.. Enumerable.Range(0, taps).Select(_ => common + random.NextDouble() - 0.5)];
            for (int i = 0; i < taps * taps; i++)
                moments[i] += x[i / taps] * x[i % taps];
        }
        return (new QuadraticError(moments, Damping), [.. Enumerable.Range(0, taps).Select(_ => 2 * random.NextDouble() - 1)]);
    }

    private static bool[] Mask(int taps, int bits) => [.. Enumerable.Range(0, taps).Select(tap => (bits >> tap & 1) != 0)];
}
