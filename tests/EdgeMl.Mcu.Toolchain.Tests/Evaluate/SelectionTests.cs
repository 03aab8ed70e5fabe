using EdgeMl.Mcu.Toolchain.Graph;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Evaluate;

public class SelectionTests
{
    [Theory]
    [InlineData(true, new float[] { 3, 2, 1, 2, 3, 2 })]
    [InlineData(false, new float[] { 2, 1, 1, 2, 3, 3 })]
    public void Mirrored_padding_repeats_the_edge_only_without_reflection(bool reflect, float[] expected) =>
        Assert.Equal(expected, Nodes.Run(new MirrorPad([2], [1], reflect), new Shape(6), (new Shape(3), [1, 2, 3])));

    [Fact]
    public void Mirrored_padding_of_several_axes_is_that_of_one_after_the_other()
    {
        var shape = new Shape(3, 4, 2);
        float[] x = Nodes.Random(1, shape);
        float[] rows = Nodes.Run(new MirrorPad([2, 0, 0], [1, 0, 0], true), new Shape(6, 4, 2), (shape, x));
        float[] both = Nodes.Run(new MirrorPad([0, 1, 0], [0, 3, 0], true), new Shape(6, 8, 2), (new Shape(6, 4, 2), rows));
        Assert.Equal(both, Nodes.Run(new MirrorPad([2, 1, 0], [1, 3, 0], true), new Shape(6, 8, 2), (shape, x)));
    }

    [Fact]
    public void Gather_takes_slices_in_the_order_of_its_indices() => Assert.Equal(
        [5, 6, 1, 2, 5, 6],
        Nodes.Run(new Gather([2, 0, 2], 0), new Shape(3, 2), (new Shape(3, 2), [1, 2, 3, 4, 5, 6])));

    [Theory]
    [InlineData(false, false, new float[] { 0, 0, 1, 1, 2, 2, 3, 3 })]
    [InlineData(true, false, new float[] { 0, 0, 1, 1, 2, 2, 3, 3 })]
    [InlineData(false, true, new float[] { 0, 0, 1, 1, 2, 2, 3, 3 })]
    public void Nearest_neighbours_of_twice_the_width_are_pairs(bool alignCorners, bool halfPixelCenters, float[] expected) =>
        Assert.Equal(expected, Nodes.Run(new ResizeNearest(alignCorners, halfPixelCenters), new Shape(1, 1, 8, 1), (new Shape(1, 1, 4, 1), [0, 1, 2, 3])));

    [Theory]
    [InlineData(false, false, new float[] { 0, 1, 3 })]
    [InlineData(true, false, new float[] { 0, 3, 5 })]
    [InlineData(false, true, new float[] { 1, 3, 5 })]
    public void Nearest_neighbours_of_half_the_width_depend_on_the_flags(bool alignCorners, bool halfPixelCenters, float[] expected)
    {
        int[] source = alignCorners || halfPixelCenters ? [0, 1, 2, 3, 4, 5] : [0, 1, 2, 3, 4];
        Assert.Equal(expected, Nodes.Run(
            new ResizeNearest(alignCorners, halfPixelCenters), new Shape(1, 1, 3, 1), (new Shape(1, 1, source.Length, 1), [.. source.Select(value => (float)value)])));
    }

    [Theory]
    [InlineData(false, false, new float[] { 0, 1.5f, 3, 3 })]
    [InlineData(true, false, new float[] { 0, 1, 2, 3 })]
    [InlineData(false, true, new float[] { 0, 0.75f, 2.25f, 3 })]
    public void Bilinear_resize_interpolates_between_pixels(bool alignCorners, bool halfPixelCenters, float[] expected) =>
        Assert.Equal(expected, Nodes.Run(new ResizeBilinear(alignCorners, halfPixelCenters), new Shape(1, 4, 1, 1), (new Shape(1, 2, 1, 1), [0, 3])));

    [Fact]
    public void Bilinear_resize_to_the_same_size_changes_nothing()
    {
        var shape = new Shape(2, 3, 4, 2);
        float[] x = Nodes.Random(1, shape);
        Assert.All([(false, false), (true, false), (false, true)], flags =>
            Assert.Equal(x, Nodes.Run(new ResizeBilinear(flags.Item1, flags.Item2), shape, (shape, x))));
    }

    [Fact]
    public void Broadcast_repeats_axes_of_size_one_and_missing_axes() => Assert.Equal(
        [1, 1, 2, 2, 1, 1, 2, 2],
        Nodes.Run(new BroadcastTo(), new Shape(2, 2, 2), (new Shape(2, 1), [1, 2])));

    [Fact]
    public void Reductions_over_any_axes_see_each_element_of_their_output_once() => Prop.ForAll(
        Gen.Choose(1, 4).ListOf(4).ToArbitrary(), Gen.Elements(true, false).ListOf(4).ToArbitrary(), Gen.Elements(Enum.GetValues<ReduceKind>()).ToArbitrary(),
        (dimensions, reduced, kind) =>
        {
            var shape = new Shape([.. dimensions]);
            int[] axes = [.. Enumerable.Range(0, 4).Where(axis => reduced[axis])];
            var output = new Shape([.. dimensions.Select((size, axis) => reduced[axis] ? 1 : size)]);
            float[] x = Nodes.Random(kind.GetHashCode(), shape);
            int[] strides = shape.Strides(), kept = output.Strides();
            IEnumerable<IGrouping<int, float>> groups = x.Select((value, i) => (value, i)).GroupBy(
                pair => Enumerable.Range(0, 4).Sum(axis => reduced[axis] ? 0 : pair.i / strides[axis] % shape[axis] * kept[axis]), pair => pair.value);
            float[] expected = [.. groups.OrderBy(group => group.Key).Select(group => kind switch
            {
                ReduceKind.Max => group.Max(),
                ReduceKind.Min => group.Min(),
                _ => group.Sum(),
            })];
            return expected.AsSpan().SequenceEqual(Nodes.Run(new Reduce(kind, axes), output, (shape, x)));
        }).QuickCheckThrowOnFailure();
}
