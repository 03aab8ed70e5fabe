using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Passes.Channels;

namespace EdgeMl.Mcu.Toolchain.Tests.Passes.Channels;

/// <summary>What is removed, and what has to stay. Every graph is run with and without.</summary>
public sealed class DeadChannelTests
{
    private const int Low = -100_000;

    private const int High = 100_000;

    private static readonly Window Point = new(1, 1);

    private static readonly Window Padded = new(3, 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1);

    private readonly Int8GraphBuilder _builder = new();

    [Fact]
    public void A_channel_at_the_zero_point_leaves_a_padded_reader()
    {
        Tensor hidden = _builder.Conv(_builder.Input(3, 1, 4, 4, 1), Point, [1, 1], [0, Low], Activation.Relu);
        _builder.Output(_builder.Conv(hidden, Padded, Ramp(9 * 2), [5]));
        Assert.Equal([1, 1], Optimized());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_channel_at_another_value_leaves_readers_without_padding_only(bool isPadded)
    {
        Tensor hidden = _builder.Conv(_builder.Input(3, 1, 4, 4, 1), Point, [1, 1], [0, High]);
        _builder.Output(_builder.Conv(hidden, isPadded ? Padded : new Window(3, 3), Ramp(9 * 2), [-300]));
        Assert.Equal([isPadded ? 2 : 1, 1], Optimized());
    }

    [Fact]
    public void What_nothing_multiplies_is_removed_through_all_layers_before()
    {
        Tensor first = _builder.Conv(_builder.Input(3, 1, 4, 4, 1), Point, [1, 2, 3], [0, 0, 0]);
        Tensor second = _builder.Depthwise(first, Padded, Ramp(9 * 3), [0, 0, 0]);
        Tensor pooled = _builder.Node(new MaxPool2D(new Window(2, 2)), -128, [1, 3, 3, 3], second);
        _builder.Output(_builder.Conv(pooled, Point, [1, 0, 2], [0]));
        Assert.Equal([2, 2, 2, 1], Optimized());
    }

    [Fact]
    public void A_sum_keeps_a_channel_that_is_constant_in_one_of_its_terms()
    {
        Tensor x = _builder.Conv(_builder.Input(3, 1, 4, 4, 1), Point, [1, 2, 3], [0, 0, Low], Activation.Relu);
        Tensor branch = _builder.Conv(x, Point, [1, 0, 0, 0, 1, 0, 0, 0, 1], [0, Low, Low], Activation.Relu);
        Tensor sum = _builder.Node(new Binary(BinaryKind.Add), -128, [1, 4, 4, 3], x, branch);
        _builder.Output(_builder.Conv(sum, Padded, Ramp(9 * 3), [0]));
        Assert.Equal([2, 2, 2, 1], Optimized());
    }

    [Fact]
    public void Channels_of_positions_one_after_another_are_removed_together()
    {
        Tensor hidden = _builder.Conv(_builder.Input(3, 1, 2, 2, 1), Point, [1, 1], [0, High]);
        Tensor flat = _builder.Node(new Reshape(), -128, [1, 8], hidden);
        _builder.Output(_builder.Node(new FullyConnected(), 0, [1, 1], flat, _builder.Weights(new Shape(1, 8), Ramp(8)), _builder.Bias([-1000])));
        Assert.Equal([1, 4, 1], Optimized());
    }

    [Fact]
    public void Inputs_and_outputs_keep_their_shape()
    {
        _builder.Output(_builder.Conv(_builder.Input(3, 1, 4, 4, 2), Point, [1, 0, 1, 0], [0, Low], Activation.Relu));
        Assert.Equal([2], Optimized());
        Assert.Equal(2, _builder.Graph.Inputs[0].Tensor.Shape[-1]);
    }

    [Fact]
    public void A_layer_that_is_constant_as_a_whole_keeps_one_channel()
    {
        Tensor hidden = _builder.Conv(_builder.Input(3, 1, 4, 4, 1), Point, [1, 1], [Low, High], Activation.Relu);
        _builder.Output(_builder.Conv(hidden, Point, [4, 1], [2]));
        Assert.Equal([1, 1], Optimized());
    }

    [Fact]
    public void Fully_connected_layers_with_a_scale_for_each_channel_keep_two()
    {
        Tensor weights = _builder.Weights(new Shape(3, 4), Ramp(12));
        weights.Quantization = new Quantization([0.91f, 1.07f, 0.3f], [0, 0, 0]);
        Tensor hidden = _builder.Node(new FullyConnected(Activation.Relu), -128, [1, 3], _builder.Input(0, 1, 4), weights, _builder.Bias([Low, 3, Low]));
        _builder.Output(_builder.Node(new FullyConnected(), 0, [1, 1], hidden, _builder.Weights(new Shape(1, 3), [1, 2, 3]), null));
        Assert.Equal([2, 1], Optimized());
    }

    [Fact]
    public void An_accumulator_that_may_wrap_has_the_whole_activation_range()
    {
        Tensor y = _builder.Conv(_builder.Input(0, 1, 1, 1, 1), Point, [1, 1], [int.MaxValue, 1 << 29], Activation.Relu6);
        _builder.Output(y);
        Assert.Equal([new ValueInterval(-128, -8), new ValueInterval(-8, -8)], IntervalAnalysis.Of(_builder.Graph).Channels(y));
        Assert.Equal([2], Optimized());
    }

    private static sbyte[] Ramp(int count) => [.. Enumerable.Range(0, count).Select(i => (sbyte)(i % 7 - 2))];

    /// <summary>Channels of each node's output after the passes.</summary>
    private int[] Optimized()
    {
        var plain = new Int8Run(_builder.Graph, optimize: false);
        var optimized = new Int8Run(_builder.Graph, optimize: true);
        foreach (sbyte[] input in Inputs.Extremes(plain.InputCount).Concat(Enumerable.Range(0, 20).Select(seed => Inputs.Random(plain.InputCount, seed))))
            Assert.Equal(plain.Run(input), optimized.Run(input));
        return [.. optimized.Graph.Nodes.Select(node => node.Output.Shape[-1])];
    }
}
