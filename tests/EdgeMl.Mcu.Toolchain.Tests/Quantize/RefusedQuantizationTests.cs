using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Toolchain.Tests.Quantizing;

public class RefusedQuantizationTests
{
    private readonly GraphBuilder _builder = new();

    public RefusedQuantizationTests()
    {
        Tensor x = _builder.Input("x", 1, 2);
        _builder.Output(_builder.Node("y", new Unary(UnaryKind.Exp), [1, 2], x));
    }

    [Fact]
    public void Calibration_needs_samples() => AssertBadData([], "no calibration samples");

    [Theory]
    [InlineData(float.NaN, "sample 1 has NaN at element 1 of input 'x'")]
    [InlineData(float.PositiveInfinity, "sample 1 has Infinity at element 1")]
    public void Values_that_are_not_finite_are_named(float value, string message) => AssertBadData([[[1, 2]], [[1, value]]], message);

    [Fact]
    public void Samples_of_the_wrong_length_are_named() =>
        AssertBadData([[[1, 2]], [[1, 2, 3]]], "sample 1 has 3 values for input 'x', whose shape 1x2 has 2");

    [Fact]
    public void Samples_with_too_few_inputs_are_named() => AssertBadData([[[1, 2]], []], "sample 1 has 0 input(s), the model has 1");

    [Fact]
    public void An_input_that_never_changes_has_no_range() => AssertBadData([[[5, 5]], [[5, 5]]], "'x' is 5 everywhere in all 2");

    [Fact]
    public void A_sample_on_which_the_model_overflows_is_named() => AssertBadData([[[1, 2]], [[1, 1000]]], "sample 1 makes 'y' overflow");

    [Fact]
    public void A_quantised_model_is_not_quantised_again()
    {
        float[][][] samples = [[[1, 2]]];
        ModelGraph quantized = GraphBuilder.Quantize(_builder.Graph, samples).Graph;
        var error = Assert.Throws<ToolchainException>(() => GraphBuilder.Quantize(quantized, samples));
        Assert.Equal(ErrorCodes.NotFloatModel, error.Code);
        Assert.Contains("'x' is int8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_nodes_without_an_int8_form_are_named()
    {
        Tensor y = _builder.Graph.Outputs[0].Tensor;
        Tensor statistics = Tensor.Constant("s", new Shape(2), [1, 1]);
        Tensor normalized = _builder.Node("normalize", new BatchNormalization(1), [1, 2], y, statistics, statistics, statistics, statistics);
        Tensor matrix = _builder.Node("matrix", new Reshape(), [1, 2], y);
        _builder.Output(_builder.Node("product", new FullyConnected(), [1, 1], normalized, matrix));
        var error = Assert.Throws<ToolchainException>(() => GraphBuilder.Quantize(_builder.Graph, [[[1, 2]]]));
        Assert.Equal(ErrorCodes.UnsupportedOperator, error.Code);
        Assert.Contains("BatchNormalization 'normalize'", error.Message, StringComparison.Ordinal);
        Assert.Contains("FullyConnected 'product'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(100.1)]
    [InlineData(double.NaN)]
    public void A_percentile_outside_of_50_to_100_is_refused(double percentile) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuantizationOptions { Percentile = percentile });

    private void AssertBadData(float[][][] samples, string message)
    {
        var error = Assert.Throws<ToolchainException>(() => GraphBuilder.Quantize(_builder.Graph, samples));
        Assert.Equal(ErrorCodes.BadCalibrationData, error.Code);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
