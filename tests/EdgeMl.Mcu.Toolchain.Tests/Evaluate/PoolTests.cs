using EdgeMl.Mcu.Toolchain.Graph;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Evaluate;

public class PoolTests
{
    [Fact]
    public void Average_pool_divides_by_the_taps_inside_the_input() => Prop.ForAll(WindowCase.Arbitrary, window =>
        Check(window, new AveragePool2D(window.Window, false, window.Activation), taps => taps.Length == 0 ? 0 : taps.Average()))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Average_pool_that_includes_padding_divides_by_all_taps() => Prop.ForAll(WindowCase.Arbitrary, window =>
        Check(window, new AveragePool2D(window.Window, true, window.Activation),
            taps => taps.Sum() / (window.Window.KernelHeight * window.Window.KernelWidth)))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Max_pool_ignores_padding() => Prop.ForAll(WindowCase.Arbitrary, window =>
    {
        // A window on nothing but padding has no maximum.
        bool hasEmptyWindow = window.Window.PadTop >= window.Window.KernelHeight || window.Window.PadLeft >= window.Window.KernelWidth
            || window.Window.PadBottom >= window.Window.KernelHeight || window.Window.PadRight >= window.Window.KernelWidth
            || window.Window.DilationHeight > 1 || window.Window.DilationWidth > 1;
        return hasEmptyWindow || Check(window, new MaxPool2D(window.Window, window.Activation), taps => taps.Max());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Mean_over_any_axes_is_the_mean_of_what_they_span() => Prop.ForAll(
        Gen.Choose(1, 4).ListOf(4).Select(dimensions => dimensions.ToArray()).ToArbitrary(), Gen.Choose(1, 15).ToArbitrary(),
        (dimensions, axisBits) =>
        {
            var shape = new Shape(dimensions);
            int[] axes = [.. Enumerable.Range(0, 4).Where(axis => (axisBits >> axis & 1) != 0)];
            int[] kept = [.. dimensions.Select((dimension, axis) => axes.Contains(axis) ? 1 : dimension)];
            float[] x = Nodes.Random(axisBits, shape);
            int[] strides = shape.Strides(), keptStrides = new Shape(kept).Strides();
            double[] expected = [.. x.Select((value, i) => (value, group: Enumerable.Range(0, 4)
                    .Sum(axis => i / strides[axis] % dimensions[axis] * (axes.Contains(axis) ? 0 : keptStrides[axis]))))
                .GroupBy(element => element.group).OrderBy(group => group.Key).Select(group => group.Average(element => (double)element.value))];
            return Nodes.AreClose(expected, Nodes.Run(new Mean(axes), new Shape(kept), (shape, x)));
        }).QuickCheckThrowOnFailure();

    private static bool Check(WindowCase window, Operator op, Func<double[], double> reduce)
    {
        float[] x = Nodes.Random(window.Seed, window.Input);
        double[] expected = window.Expected(window.Input[3], (n, oy, ox, c) => reduce(
            [.. window.Taps(oy, ox).Where(at => at is not null).Select(at => (double)x[window.Index(n, at!.Value.Y, at.Value.X, c)])]));
        return Nodes.AreClose(expected, Nodes.Run(op, window.Output(window.Input[3]), (window.Input, x)));
    }
}
