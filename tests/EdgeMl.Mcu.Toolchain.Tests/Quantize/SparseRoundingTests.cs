using EdgeMl.Mcu.Toolchain.Quantizing;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Quantizing;

public class SparseRoundingTests
{
    private const int Limit = 127;

    private static readonly Gen<(int[] Start, double[] Target, double[] Moments, double Enough)> Cases =
        from count in Gen.Choose(1, 24)
        from start in Gen.Choose(-Limit, Limit).ArrayOf(count)
        from drift in Gen.Choose(-40, 40).ArrayOf(count)
        from features in Gen.Choose(-9, 9).ArrayOf(count * count)
        from enough in Gen.Elements(0.0, 1, 100, 10_000)
        select (start, start.Zip(drift, (integer, tenths) => Math.Clamp(integer + (tenths / 10.0), -Limit, Limit)).ToArray(), Gram(features, count), enough);

    [Fact]
    public void The_error_never_grows_and_ends_small_enough_or_where_no_single_move_helps() => Prop.ForAll(Arb.From(Cases), each =>
    {
        int[] rounded = SparseRounding.Approach(each.Start, each.Target, each.Moments, each.Enough, Limit);

        double error = Error(rounded, each.Target, each.Moments);
        Assert.True(error <= Error(each.Start, each.Target, each.Moments) * (1 + 1e-9));
        Assert.All(rounded, integer => Assert.InRange(integer, -Limit, Limit));
        if (error <= each.Enough * (1 + 1e-9) + 1e-6)
            return;
        for (int i = 0; i < rounded.Length; i++)
        {
            foreach (int step in new[] { -1, 1 })
            {
                int[] moved = [.. rounded];
                moved[i] = Math.Clamp(moved[i] + step, -Limit, Limit);
                Assert.True(Error(moved, each.Target, each.Moments) >= error - (1e-6 * (1 + error)));
            }
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Integers_that_are_good_enough_stay() => Prop.ForAll(Arb.From(Cases), each =>
    {
        double enough = Error(each.Start, each.Target, each.Moments) * (1 + 1e-9);
        Assert.Equal(each.Start, SparseRounding.Approach(each.Start, each.Target, each.Moments, enough, Limit));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Fixed_weights_do_not_move() => Prop.ForAll(Arb.From(Cases), each =>
    {
        bool[] isFixed = [.. each.Start.Select((_, i) => i % 2 == 0)];
        int[] rounded = SparseRounding.Approach(each.Start, each.Target, each.Moments, 0, Limit, isFixed);
        Assert.All(Enumerable.Range(0, rounded.Length).Where(i => isFixed[i]), i => Assert.Equal(each.Start[i], rounded[i]));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_single_change_of_many_independent_weights_moves_one()
    {
        int[] start = [.. Enumerable.Range(-20, 41)];
        double[] target = Array.ConvertAll(start, integer => integer + 0.2);
        target[7] += 5;
        var identity = new double[41 * 41];
        for (int i = 0; i < 41; i++)
            identity[i * 42] = 1;
        int[] rounded = SparseRounding.Approach(start, target, identity, 41.0 / 12, Limit);
        Assert.Equal([7], Enumerable.Range(0, 41).Where(i => rounded[i] != start[i]));
        Assert.Equal(start[7] + 5, rounded[7]);
    }

    [Fact]
    public void Without_moments_what_is_within_the_tolerance_stays() =>
        Assert.Equal([3, 4, -127, 9], SparseRounding.Approach([3, 3, 0, 5], [3.9, 4.2, -300, 9.4], tolerance: 1, Limit));

    private static double Error(int[] integers, double[] target, double[] moments)
    {
        double sum = 0;
        for (int i = 0; i < target.Length; i++)
        {
            for (int j = 0; j < target.Length; j++)
                sum += (integers[i] - target[i]) * moments[(i * target.Length) + j] * (integers[j] - target[j]);
        }
        return sum;
    }

    private static double[] Gram(int[] features, int count)
    {
        var moments = new double[count * count];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
            {
                for (int k = 0; k < count; k++)
                    moments[(i * count) + j] += features[(k * count) + i] * features[(k * count) + j];
            }
        }
        return moments;
    }
}
