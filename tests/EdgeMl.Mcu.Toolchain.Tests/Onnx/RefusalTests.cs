using EdgeMl.Mcu.Toolchain.Import.Onnx;
using EdgeMl.Mcu.Toolchain.Import.Onnx.Proto;
using EdgeMl.Mcu.Toolchain.Tests.Passes;

namespace EdgeMl.Mcu.Toolchain.Tests.Onnx;

public class RefusalTests
{
    [Fact]
    public void All_nodes_that_cannot_be_imported_are_named_in_one_error()
    {
        var model = new OnnxModel();
        string x = model.Input("x", 1, 3, 8, 8);
        string sine = model.Node("NonZero", [x]);
        string pool = model.Node("MaxPool", [x], ("kernel_shape", new[] { 2, 2 }), ("blur", 1));
        string padded = model.Node("Pad", [model.Node("Relu", [sine]), model.Integers(0, 0, 1, 1, 0, 0, 1, 1)], ("mode", "mirror"));
        string edge = model.Node("Pad", [x, model.Integers(0, 0, 1, 1, 0, 0, 1, 1)], ("mode", "folded"));
        model.Output(sine, pool, padded, edge).Add("Gru", [padded], ["last"]).Domain = "my.ops";

        ToolchainException error = Refused(model.ToBytes());
        Assert.Equal(ErrorCodes.UnsupportedOperator, error.Code);
        foreach (string part in new[] { "NonZero 'NonZero/", "MaxPool 'MaxPool/", "'blur'", "mode 'folded'", "my.ops.Gru 'Gru/" })
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Contains("Conv", error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 1, 3, -1, 8 }, "axis 2 ('n')")]
    [InlineData(new[] { 1, 3, 8, 0 }, "axis 3")]
    public void An_unknown_size_beyond_the_batch_axis_is_refused_with_input_and_axis(int[] dimensions, string expected)
    {
        var model = new OnnxModel();
        model.Output(model.Node("Relu", [model.Input("image", dimensions)]));
        ToolchainException error = Refused(model.ToBytes());
        Assert.Equal(ErrorCodes.DynamicShape, error.Code);
        Assert.Contains("'image'", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_in_another_file_are_refused()
    {
        var model = new OnnxModel();
        string w = model.Constant([1, 2], 1, 2);
        model.Proto.Graph.Initializer[0].DataLocation = TensorProto.Types.DataLocation.External;
        model.Output(model.Node("Add", [model.Input("x", 1, 2), w]));
        ToolchainException error = Refused(model.ToBytes());
        Assert.Equal(ErrorCodes.OnnxInvalid, error.Code);
        Assert.Contains("another file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Old_and_future_operator_sets_are_refused()
    {
        foreach (int opset in new[] { 6, 1000 })
        {
            var model = new OnnxModel(opset);
            model.Output(model.Node("Relu", [model.Input("x", 1, 2)]));
            Assert.Contains(opset.ToString(), Refused(model.ToBytes()).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("huge dimension")]
    [InlineData("undefined value")]
    [InlineData("value defined twice")]
    [InlineData("no output")]
    [InlineData("empty")]
    [InlineData("text")]
    public void A_broken_file_is_refused_as_invalid(string kind)
    {
        var model = new OnnxModel();
        string x = model.Input("x", kind == "huge dimension" ? [1, int.MaxValue, 4] : [1, 2]);
        string y = model.Node("Relu", [kind == "undefined value" ? "nothing" : x]);
        if (kind == "value defined twice")
            model.Add("Abs", [x], [y]);
        if (kind != "no output")
            model.Output(y);
        byte[] bytes = kind switch { "empty" => [], "text" => "not a model"u8.ToArray(), "cut" => model.ToBytes()[..^20], _ => model.ToBytes() };
        Assert.Equal(ErrorCodes.OnnxInvalid, Refused(bytes).Code);
    }

    private static ToolchainException Refused(byte[] bytes) => Assert.Throws<ToolchainException>(() => OnnxImporter.Import(bytes, "refused"));
}
