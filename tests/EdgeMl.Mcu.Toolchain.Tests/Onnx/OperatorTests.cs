using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import.Onnx;

namespace EdgeMl.Mcu.Toolchain.Tests.Onnx;

/// <summary>Where an ONNX operator is easily misread; expected values are computed by hand.</summary>
public class OperatorTests
{
    private static readonly float[] OneToNine = [1, 2, 3, 4, 5, 6, 7, 8, 9];

    [Theory]
    [InlineData("SAME_UPPER", new[] { 12f, 16, 9, 24, 28, 15, 15, 17, 9 })]
    [InlineData("SAME_LOWER", new[] { 1f, 3, 5, 5, 12, 16, 11, 24, 28 })]
    [InlineData("VALID", new[] { 12f, 16, 24, 28 })]
    public void Auto_pad_puts_the_odd_padding_where_its_name_says(string mode, float[] expected)
    {
        var model = new OnnxModel();
        string w = model.Constant([1, 1, 2, 2], 1, 1, 1, 1);
        string y = model.Node("Conv", [model.Input("x", 1, 1, 3, 3), w], ("auto_pad", mode));
        Assert.Equal(expected, Run(model.Output(y), OneToNine));
    }

    [Fact]
    public void Ceil_mode_adds_windows_that_start_inside_the_input_only()
    {
        var model = new OnnxModel();
        string x = model.Input("x", 1, 1, 3, 3);
        string wide = model.Node("MaxPool", [x], ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 }), ("ceil_mode", 1));
        string skipped = model.Node("MaxPool", [x], ("kernel_shape", new[] { 1, 1 }), ("strides", new[] { 3, 3 }), ("ceil_mode", 1));
        Assert.Equal([5, 6, 8, 9, 1], Run(model.Output(wide, skipped), OneToNine));
    }

    [Theory]
    [InlineData(0, new[] { 3f, 3.5f, 4, 4.5f, 5, 5.5f, 6, 6.5f, 7 })]
    [InlineData(1, new[] { 12f / 9, 21f / 9, 16f / 9, 27f / 9, 45f / 9, 33f / 9, 24f / 9, 39f / 9, 28f / 9 })]
    public void Average_pool_counts_padding_only_where_asked(int counted, float[] expected)
    {
        var model = new OnnxModel();
        string y = model.Node("AveragePool", [model.Input("x", 1, 1, 3, 3)],
            ("kernel_shape", new[] { 3, 3 }), ("pads", new[] { 1, 1, 1, 1 }), ("count_include_pad", counted));
        Assert.InRange(ModelRun.Difference(expected, Run(model.Output(y), OneToNine)), 0, 1);
    }

    [Fact]
    public void Softmax_before_opset_13_runs_over_all_axes_from_one_on()
    {
        float log2 = MathF.Log(2);
        var old = new OnnxModel(11);
        old.Output(old.Node("Softmax", [old.Input("x", 1, 2, 2)]));
        Assert.InRange(ModelRun.Difference([0.2f, 0.2f, 0.2f, 0.4f], Run(old, [0, 0, 0, log2])), 0, 1);
        var current = new OnnxModel(13);
        current.Output(current.Node("Softmax", [current.Input("x", 1, 2, 2)], ("axis", 1)));
        Assert.InRange(ModelRun.Difference([0.5f, 1 / 3f, 0.5f, 2 / 3f], Run(current, [0, 0, 0, log2])), 0, 1);
    }

    [Fact]
    public void Gemm_scales_and_transposes_its_factors()
    {
        var model = new OnnxModel();
        string b = model.Constant([2, 3], 1, 2, 3, 4, 5, 6);
        string y = model.Node("Gemm", [model.Input("x", 1, 3), b, model.Constant([1], 10)], ("alpha", 0.5f), ("beta", 2f), ("transB", 1));
        Assert.Equal([23, 27.5f], Run(model.Output(y), [1, 1, 1]));
        ModelGraph graph = OnnxImporter.Import(model.ToBytes(), "gemm");
        Assert.Single(graph.Nodes);
    }

    [Fact]
    public void A_grouped_convolution_is_depthwise_where_each_channel_is_a_group()
    {
        var model = new OnnxModel();
        string x = model.Input("x", 1, 4, 3, 3);
        string depthwise = model.Node("Conv", [x, model.Constant([8, 1, 1, 1], 1, 2, 3, 4, 5, 6, 7, 8)], ("group", 4));
        string grouped = model.Node("Conv", [depthwise, model.Constant([2, 4, 1, 1], 1, 1, 1, 1, 1, 1, 1, 1)], ("group", 2));
        ModelGraph graph = OnnxImporter.Import(model.Output(grouped).ToBytes(), "groups");
        Assert.Equal(["DepthwiseConv2D", "Conv2D"], graph.Nodes.Select(node => node.Operator.Name));
        Assert.Equal(new Shape(2, 1, 1, 4), graph.Nodes[1].Inputs[1]!.Shape);
        float[] channels = [.. Enumerable.Range(0, 36).Select(i => i / 9 + 1f)];
        float[] y = ModelRun.Run(graph, channels);
        Assert.Equal([1 + 2 + 2 * 3 + 2 * 4, 3 * 5 + 3 * 6 + 4 * 7 + 4 * 8], [y[0], y[9]]);
    }

    [Fact]
    public void Shape_arithmetic_of_a_free_batch_is_computed_at_import()
    {
        var model = new OnnxModel();
        string x = model.Input("x", -1, 2, 3);
        string batch = model.Node("Gather", [model.Node("Shape", [x]), model.Integers(0)], ("axis", 0));
        string shape = model.Node("Concat", [batch, model.Integers(-1)], ("axis", 0));
        string flat = model.Node("Reshape", [x, shape]);
        ModelGraph graph = OnnxImporter.Import(model.Output(model.Node("Relu", [flat])).ToBytes(), "batch");
        Assert.Equal(new Shape(1, 2, 3), graph.Inputs[0].SourceShape);
        Assert.Equal(new Shape(1, 6), graph.Outputs[0].SourceShape);
    }

    [Fact]
    public void Slices_walk_backwards_and_cut_bounds_to_the_tensor()
    {
        var model = new OnnxModel();
        string x = model.Input("x", 1, 9);
        string back = model.Node("Slice", [x, model.Integers(7), model.Integers(-100), model.Integers(1), model.Integers(-3)]);
        string end = model.Node("Slice", [x, model.Integers(-2), model.Integers(long.MaxValue), model.Integers(1)]);
        Assert.Equal([8, 5, 2, 8, 9], Run(model.Output(back, end), OneToNine));
    }

    [Fact]
    public void Split_gives_parts_in_order()
    {
        var model = new OnnxModel();
        model.Add("Split", [model.Input("x", 1, 9), model.Integers(2, 7)], ["a", "b"], ("axis", 1));
        Assert.Equal(OneToNine, Run(model.Output("a", "b"), OneToNine));
    }

    [Fact]
    public void Clip_becomes_the_clamp_it_is()
    {
        var model = new OnnxModel();
        string x = model.Input("x", 1, 3);
        string relu6 = model.Node("Clip", [x, model.Constant([], 0), model.Constant([], 6)]);
        string relu = model.Node("Clip", [relu6, model.Constant([], 0), ""]);
        string range = model.Node("Clip", [relu, model.Constant([], 1), model.Constant([], 2)]);
        ModelGraph graph = OnnxImporter.Import(model.Output(range).ToBytes(), "clip");
        Assert.Equal(["Relu6", "Relu", "Clip"], graph.Nodes.Select(node => node.Operator.Name));
        Assert.Equal([1, 1.5f, 2], ModelRun.Run(graph, [-1, 1.5f, 9]));
    }

    [Fact]
    public void PRelu_has_a_slope_for_each_channel()
    {
        var model = new OnnxModel();
        string w = model.Constant([2, 1, 1, 1], 1, 2);
        string x = model.Node("Conv", [model.Input("x", 1, 1, 1, 2), w]);
        string y = model.Node("PRelu", [x, model.Constant([2, 1, 1], 0.5f, 0.25f)]);
        Assert.Equal([-2, 1, -2, 2], Run(model.Output(y), [-4, 1]));
        ModelGraph graph = OnnxImporter.Import(model.ToBytes(), "prelu");
        Assert.Equal(["Conv2D", "PRelu"], graph.Nodes.Select(node => node.Operator.Name));
    }

    [Fact]
    public void PRelu_with_one_slope_is_LeakyRelu()
    {
        var model = new OnnxModel();
        string y = model.Node("PRelu", [model.Input("x", 1, 2), model.Constant([2], 0.5f, 0.5f)]);
        Assert.Equal([-2, 1], Run(model.Output(y), [-4, 1]));
        Assert.Equal("LeakyRelu", OnnxImporter.Import(model.ToBytes(), "prelu").Nodes[0].Operator.Name);
    }

    [Theory]
    [InlineData(new[] { 1, 2, 2 }, new[] { 1, 2, 2 }, new[] { 7f, 10, 15, 22 })]
    [InlineData(new[] { 2, 2 }, new[] { 1, 2, 2 }, new[] { 7f, 10, 15, 22 })]
    [InlineData(new[] { 2, 2, 1 }, new[] { 2, 1, 2 }, new[] { 1f, 2, 2, 4, 9, 12, 12, 16 })]
    [InlineData(new[] { 2, 1, 2 }, new[] { 2, 2 }, new[] { 7f, 10, 15, 22 })]
    [InlineData(new[] { 4 }, new[] { 4 }, new[] { 30f })]
    [InlineData(new[] { 4 }, new[] { 4, 1 }, new[] { 30f })]
    public void MatMul_multiplies_two_activations(int[] a, int[] b, float[] expected)
    {
        var model = new OnnxModel();
        string x = model.Input("x", 4);
        string left = model.Node("Reshape", [x, model.Integers(Array.ConvertAll(a, d => (long)d))]);
        string right = model.Node("Reshape", [x, model.Integers(Array.ConvertAll(b, d => (long)d))]);
        Assert.Equal(expected, Run(model.Output(model.Node("MatMul", [left, right])), [1, 2, 3, 4]));
    }

    [Fact]
    public void Pad_cuts_where_an_amount_is_negative()
    {
        var model = new OnnxModel();
        string y = model.Node("Pad", [model.Input("x", 1, 9), model.Integers(0, 1, 0, -7), model.Constant([], 0.5f)]);
        Assert.Equal([0.5f, 1, 2], Run(model.Output(y), OneToNine));
    }

    [Fact]
    public void Initializers_that_are_listed_as_inputs_stay_constants()
    {
        var model = new OnnxModel(8);
        string w = model.Constant([1, 1, 1, 1], 2);
        model.Input(w, 1, 1, 1, 1);
        string y = model.Node("Conv", [model.Input("x", 1, 1, 3, 3), w]);
        ModelGraph graph = OnnxImporter.Import(model.Output(y).ToBytes(), "old");
        Assert.Equal(["x"], graph.Inputs.Select(input => input.Name));
        Assert.Equal(OneToNine.Select(v => 2 * v), ModelRun.Run(graph, OneToNine));
    }

    [Fact]
    public void Ports_keep_names_and_layout_of_the_file()
    {
        var model = new OnnxModel();
        string y = model.Node("Conv", [model.Input("series", 1, 2, 5), model.Constant([3, 2, 1], 1, 2, 3, 4, 5, 6)]);
        ModelGraph graph = OnnxImporter.Import(model.Output(y).ToBytes(), "ports");
        GraphPort input = Assert.Single(graph.Inputs);
        Assert.Equal(("series", new Shape(1, 2, 5), new Shape(1, 1, 5, 2)), (input.Name, input.SourceShape, input.Tensor.Shape));
        GraphPort output = Assert.Single(graph.Outputs);
        Assert.Equal((y, new Shape(1, 3, 5), new Shape(1, 1, 5, 3)), (output.Name, output.SourceShape, output.Tensor.Shape));
        Assert.Equal([11, 14, 17, 20, 23], ModelRun.Run(graph, [1, 2, 3, 4, 5, 5, 6, 7, 8, 9])[..5]);
    }

    // Both the graph as imported and the one in NHWC.
    private static float[] Run(OnnxModel model, float[] x)
    {
        float[] unchanged = ModelRun.Run(OnnxImporter.ImportUnchanged(model.ToBytes(), "test"), x);
        ModelGraph graph = OnnxImporter.Import(model.ToBytes(), "test");
        ModelRun.CheckStructure(graph);
        Assert.Equal(unchanged, ModelRun.Run(graph, x));
        return unchanged;
    }
}
