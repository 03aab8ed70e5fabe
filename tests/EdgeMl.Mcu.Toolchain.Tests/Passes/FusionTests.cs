using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import.Onnx;
using EdgeMl.Mcu.Toolchain.Passes;
using EdgeMl.Mcu.Toolchain.Tests.Onnx;

namespace EdgeMl.Mcu.Toolchain.Tests.Passes;

public class FusionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Convolution_normalization_and_clamp_become_one_node(int groups)
    {
        var model = new OnnxModel();
        string conv = model.Node("Conv", [model.Input("x", 1, 2, 4, 4), Constant(model, 2, 2 / groups, 3, 3)], ("group", groups));
        string normalized = model.Node("BatchNormalization", [conv, Constant(model, 2), Constant(model, 2), Constant(model, 2), model.Constant([2], 0.5f, 2)]);
        string clamped = model.Node("Clip", [normalized, model.Constant([], 0), model.Constant([], 6)]);
        Node node = Assert.Single(Optimized(model.Output(clamped)).Nodes);
        Assert.Equal(Activation.Relu6, node.Operator switch { Conv2D conv2D => conv2D.Activation, DepthwiseConv2D depthwise => depthwise.Activation, _ => Activation.None });
    }

    [Fact]
    public void Normalization_before_a_flatten_folds_into_the_layer_behind_it()
    {
        var model = new OnnxModel();
        string pooled = model.Node("MaxPool", [model.Input("x", 1, 2, 4, 4)], ("kernel_shape", new[] { 2, 2 }));
        string normalized = model.Node("BatchNormalization", [pooled, Constant(model, 2), Constant(model, 2), Constant(model, 2), model.Constant([2], 0.5f, 2)]);
        string y = model.Node("Gemm", [model.Node("Flatten", [normalized]), Constant(model, 18, 3)]);
        Assert.Equal(["MaxPool2D", "Reshape", "FullyConnected"], Names(Optimized(model.Output(y))));
    }

    [Fact]
    public void An_offset_stays_before_a_convolution_that_pads()
    {
        var model = new OnnxModel();
        string scaled = model.Node("Mul", [model.Input("x", 1, 2, 4, 4), Constant(model, 2, 1, 1)]);
        string shifted = model.Node("Add", [scaled, Constant(model, 2, 1, 1)]);
        string conv = model.Node("Conv", [shifted, Constant(model, 1, 2, 3, 3)], ("pads", new[] { 1, 1, 1, 1 }));
        Assert.Equal(["Mul", "Add", "Conv2D"], Names(Optimized(model.Output(conv))));
    }

    [Fact]
    public void Padding_moves_into_the_convolution_only_where_it_is_zero()
    {
        foreach ((float value, string[] expected) in new[] { (0f, new[] { "Conv2D" }), (1f, ["Pad", "Conv2D"]) })
        {
            var model = new OnnxModel();
            string padded = model.Node("Pad", [model.Input("x", 1, 1, 4, 4), model.Integers(0, 0, 0, 1, 0, 0, 2, 1), model.Constant([], value)]);
            Assert.Equal(expected, Names(Optimized(model.Output(model.Node("Conv", [padded, Constant(model, 1, 1, 3, 3)])))));
        }
    }

    [Fact]
    public void A_product_with_its_hard_sigmoid_is_hard_swish()
    {
        var model = new OnnxModel();
        string x = model.Input("x", 1, 8);
        string gate = model.Node("HardSigmoid", [x], ("alpha", 1f / 6), ("beta", 0.5f));
        Assert.Equal(["HardSwish"], Names(Optimized(model.Output(model.Node("Mul", [x, gate])))));
    }

    [Fact]
    public void Matrix_product_and_addition_become_one_layer()
    {
        var model = new OnnxModel();
        string product = model.Node("MatMul", [model.Input("x", 1, 4), Constant(model, 4, 3)]);
        Node node = Assert.Single(Optimized(model.Output(model.Node("Relu", [model.Node("Add", [product, Constant(model, 1, 3)])]))).Nodes);
        Assert.Equal(new FullyConnected(Activation.Relu), node.Operator);
        Assert.NotNull(node.InputOrNull(2));
    }

    [Fact]
    public void A_decoder_head_reorders_the_rows_of_its_layer()
    {
        var model = new OnnxModel();
        string code = model.Node("Gemm", [model.Input("x", 1, 5), Constant(model, 12, 5), Constant(model, 12)], ("transB", 1));
        string image = model.Node("Reshape", [model.Node("LeakyRelu", [code]), model.Integers(1, 3, 2, 2)]);
        string y = model.Node("Conv", [image, Constant(model, 2, 3, 1, 1)]);
        Assert.DoesNotContain("Transpose", Names(Optimized(model.Output(y))));
    }

    [Fact]
    public void A_channel_shuffle_keeps_one_transpose()
    {
        var model = new OnnxModel();
        string a = model.Node("Conv", [model.Input("x", 1, 3, 4, 5), Constant(model, 6, 3, 1, 1)]);
        string split = model.Node("Reshape", [a, model.Integers(1, 2, 3, 4, 5)]);
        string joined = model.Node("Reshape", [model.Node("Transpose", [split], ("perm", new[] { 0, 2, 1, 3, 4 })), model.Integers(1, 6, 4, 5)]);
        string y = model.Node("Conv", [joined, Constant(model, 4, 3, 3, 3)], ("group", 2));
        Assert.Single(Names(Optimized(model.Output(y))), "Transpose");
    }

    [Fact]
    public void Counted_padding_of_an_average_pool_becomes_a_pad()
    {
        var model = new OnnxModel();
        string y = model.Node("AveragePool", [model.Input("x", 1, 1, 4, 4)],
            ("kernel_shape", new[] { 2, 2 }), ("pads", new[] { 1, 0, 0, 1 }), ("count_include_pad", 1));
        Assert.Equal(["Pad", "AveragePool2D"], Names(Optimized(model.Output(y))));
    }

    [Fact]
    public void An_output_that_is_an_input_or_a_constant_stays_an_output()
    {
        var model = new OnnxModel();
        string x = model.Input("x", 1, 2);
        model.Add("Identity", [x], ["same"]);
        model.Add("Identity", [model.Constant([1, 2], 3, 4)], ["fixed"]);
        ModelGraph graph = Optimized(model.Output("same", "fixed"));
        Assert.Equal(["same", "fixed"], graph.Outputs.Select(output => output.Name));
        Assert.Equal([1, 2, 3, 4], ModelRun.Run(graph, [1, 2]));
    }

    private static string Constant(OnnxModel model, params int[] shape) =>
        model.Constant(shape, ModelRun.Values(new Random(shape.Length), shape.Aggregate(1, (a, b) => a * b)));

    private static string[] Names(ModelGraph graph) => [.. graph.Nodes.Select(node => node.Operator.Name)];

    private static ModelGraph Optimized(OnnxModel model)
    {
        ModelGraph original = OnnxImporter.ImportUnchanged(model.ToBytes(), "original");
        ModelGraph graph = OnnxImporter.Import(model.ToBytes(), "optimized");
        PassPipeline.Run(graph);
        ModelRun.CheckStructure(graph);
        float[][] inputs = ModelRun.RandomInputs(original, 5);
        Assert.InRange(ModelRun.Difference(ModelRun.Run(original, inputs), ModelRun.Run(graph, inputs)), 0, 1);
        return graph;
    }
}
