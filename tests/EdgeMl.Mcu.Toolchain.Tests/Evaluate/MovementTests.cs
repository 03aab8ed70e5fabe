using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Evaluate;

public class MovementTests
{
    [Fact]
    public void Transpose_moves_each_element_to_its_permuted_index() => Prop.ForAll(Permuted, input =>
    {
        (Shape shape, int[] permutation) = input;
        float[] x = Nodes.Random(1, shape);
        float[] y = Nodes.Run(new Transpose(permutation), shape.Permute(permutation), (shape, x));
        int[] strides = shape.Strides(), permuted = shape.Permute(permutation).Strides();
        return Enumerable.Range(0, x.Length).All(i => x[i] == y[Enumerable.Range(0, shape.Rank).Sum(axis =>
            i / strides[permutation[axis]] % shape[permutation[axis]] * permuted[axis])]);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_port_converts_to_the_device_layout_and_back() => Prop.ForAll(Permuted, input =>
    {
        (Shape shape, int[] permutation) = input;
        var port = new GraphPort(new Tensor("x", ElementType.Float32, new Shape(shape.ElementCount)), shape, permutation);
        float[] source = Nodes.Random(1, shape);
        float[] device = PortLayout.ToDevice<float>(port, source);
        return device.AsSpan().SequenceEqual(Nodes.Run(new Transpose(permutation), shape.Permute(permutation), (shape, source)))
            && PortLayout.ToSource<float>(port, device).AsSpan().SequenceEqual(source);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_sample_of_the_wrong_length_has_no_layout()
    {
        var port = new GraphPort(new Tensor("x", ElementType.Int8, new Shape(2, 3)));
        var error = Assert.Throws<ToolchainException>(() => PortLayout.ToDevice<sbyte>(port, new sbyte[5]));
        Assert.Equal(ErrorCodes.ShapeMismatch, error.Code);
        Assert.Contains("6 elements (2x3), the sample has 5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Slices_pads_and_concatenations_undo_each_other() => Prop.ForAll(
        Gen.Choose(1, 4).ListOf(3).ToArbitrary(), Gen.Choose(0, 2).ListOf(6).ToArbitrary(),
        (dimensions, padding) =>
        {
            var shape = new Shape([.. dimensions]);
            int[] before = [.. padding.Take(3)], after = [.. padding.Skip(3)];
            var padded = new Shape([.. dimensions.Select((dimension, axis) => dimension + before[axis] + after[axis])]);
            float[] x = Nodes.Random(1, shape);
            float[] y = Nodes.Run(new Pad(before, after, 9), padded, (shape, x));
            float[] sliced = Nodes.Run(new StridedSlice(before, [1, 1, 1]), shape, (padded, y));
            return y.Count(value => value == 9) == y.Length - x.Length && sliced.AsSpan().SequenceEqual(x);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Strides_skip_and_reverse()
    {
        var shape = new Shape(2, 5);
        float[] y = Nodes.Run(new StridedSlice([1, 4], [-1, -2]), new Shape(2, 3), (shape, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
        Assert.Equal([9, 7, 5, 4, 2, 0], y);
    }

    [Fact]
    public void Concatenation_puts_inputs_one_after_another_along_its_axis()
    {
        float[] y = Nodes.Run(new Concatenation(1), new Shape(2, 3), (new Shape(2, 1), [1, 4]), (new Shape(2, 2), [2, 3, 5, 6]));
        Assert.Equal([1, 2, 3, 4, 5, 6], y);
    }

    [Fact]
    public void Reshape_keeps_the_elements_in_order() =>
        Assert.Equal([1, 2, 3, 4], Nodes.Run(new Reshape(), new Shape(4), (new Shape(2, 2), [1, 2, 3, 4])));

    private static Arbitrary<(Shape Shape, int[] Permutation)> Permuted { get; } = (
        from dimensions in Gen.Choose(1, 4).ArrayOf()
        where dimensions.Length <= 5
        from permutation in Gen.Shuffle(Enumerable.Range(0, dimensions.Length))
        select (new Shape(dimensions), permutation.ToArray())).ToArbitrary();
}
