using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Tests.Evaluate;

public class SumAndProductTests
{
    private static readonly Shape Three = new(1, 3, 2);

    [Theory]
    [InlineData(false, false, new[] { 1f, 2, 4, 6, 9, 12 })]
    [InlineData(true, false, new[] { 0f, 0, 1, 2, 4, 6 })]
    [InlineData(false, true, new[] { 9f, 12, 8, 10, 5, 6 })]
    [InlineData(true, true, new[] { 8f, 10, 5, 6, 0, 0 })]
    public void Running_sums_go_along_an_axis(bool exclusive, bool reverse, float[] expected) =>
        Assert.Equal(expected, Nodes.Run(new CumSum(1, exclusive, reverse), Three, (Three, [1, 2, 3, 4, 5, 6])));

    [Fact]
    public void Any_number_of_inputs_is_added()
    {
        var shape = new Shape(2);
        Assert.Equal([111, 222], Nodes.Run(new AddN(), shape, (shape, [1, 2]), (shape, [10, 20]), (shape, [100, 200])));
        Assert.Equal([1, 2], Nodes.Run(new AddN(), shape, (shape, [1, 2])));
    }

    [Fact]
    public void Rows_are_divided_by_their_norm()
    {
        var shape = new Shape(2, 2);
        Assert.Equal([0.6f, -0.8f, 0, 0], Nodes.Run(new L2Normalization(), shape, (shape, [3, -4, 0, 0])));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Matrices_are_multiplied_in_batches_that_broadcast(bool transposeFirst, bool transposeSecond)
    {
        float[] a = [.. Enumerable.Range(0, 12).Select(i => (float)i)], b = [.. Enumerable.Range(0, 18).Select(i => i - 9f)];
        Shape first = new(transposeFirst ? [2, 1, 3, 2] : [2, 1, 2, 3]), second = new(transposeSecond ? [3, 2, 3] : [3, 3, 2]);
        var expected = new List<double>();
        for (int batch = 0; batch < 6; batch++)
        {
            for (int i = 0; i < 2; i++)
            {
                for (int j = 0; j < 2; j++)
                {
                    expected.Add(Enumerable.Range(0, 3).Sum(k =>
                        a[(batch / 3 * 6) + (transposeFirst ? (k * 2) + i : (i * 3) + k)] * b[(batch % 3 * 6) + (transposeSecond ? (j * 3) + k : (k * 2) + j)]));
                }
            }
        }
        var op = new BatchMatMul(transposeFirst, transposeSecond);
        var output = new Shape(2, 3, 2, 2);
        Assert.Equal(output, ShapeInference.Infer(op, [Tensor.Constant("a", first, a), Tensor.Constant("b", second, b)]));
        Assert.Equal(expected, Nodes.Run(op, output, (first, a), (second, b)).Select(value => (double)value));
    }
}
