using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Tests.Evaluate;

public class QuantizeNodeTests
{
    [Fact]
    public void A_quantize_node_rounds_half_away_from_zero_and_clamps()
    {
        var output = new Tensor("y", ElementType.Int8, new Shape(6), new Quantization(0.5f, 10));
        var node = new Node("q", new Graph.Quantize(), [Tensor.Constant("x", new Shape(6), [0.25f, -0.25f, 0.2f, 100, -100, 0])], output);
        Assert.Equal([0.5f, -0.5f, 0, 58.5f, -69, 0], NodeEvaluator.Evaluate(node)[0]);
    }

    [Fact]
    public void Each_slice_is_rounded_to_its_own_scale()
    {
        var output = new Tensor("y", ElementType.Int8, new Shape(2, 2), new Quantization([1, 0.5f], [0, 0], 1));
        var node = new Node("q", new Graph.Quantize(), [Tensor.Constant("x", new Shape(2, 2), [0.7f, 0.7f, 1.2f, 1.2f])], output);
        Assert.Equal([1, 0.5f, 1, 1], NodeEvaluator.Evaluate(node)[0]);
    }

    [Fact]
    public void Quantised_constants_are_read_as_reals()
    {
        var constant = new Tensor("x", ElementType.Int8, new Shape(2), new Quantization(0.5f, 1), new sbyte[] { 3, -1 });
        var node = new Node("d", new Dequantize(), [constant], new Tensor("y", ElementType.Float32, new Shape(2)));
        Assert.Equal([1, -1], NodeEvaluator.Evaluate(node)[0]);
    }
}
