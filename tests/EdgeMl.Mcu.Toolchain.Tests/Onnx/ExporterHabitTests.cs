using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import.Onnx;
using EdgeMl.Mcu.Toolchain.Passes;

namespace EdgeMl.Mcu.Toolchain.Tests.Onnx;

/// <summary>How PyTorch and tf2onnx write layers, and the plain layers that come of it.</summary>
public class ExporterHabitTests
{
    [Fact]
    public void PyTorch_s_constant_padding_before_an_average_pool_is_one_pad() =>
        Check("Pad AveragePool2D", model =>
        {
            string x = model.Input("x", 1, 3, 6, 6);
            string padded = model.Node("Pad", [x, model.Integers(0, 0, 1, 1, 0, 0, 1, 1), model.Constant([], 0)]);
            return model.Node("AveragePool", [padded], ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 }));
        });

    [Fact]
    public void Padding_before_a_convolution_becomes_its_own() =>
        Check("Conv2D", model =>
        {
            string x = model.Input("x", 1, 3, 6, 6);
            string padded = model.Node("Pad", [x, model.Integers(0, 0, 1, 1, 0, 0, 1, 1), model.Constant([], 0)]);
            return model.Node("Relu", [model.Node("Conv", [padded, Values(model, 4, 3, 3, 3)])]);
        });

    [Fact]
    public void A_convolution_between_Unsqueeze_and_Squeeze_is_one_layer() =>
        Check("Conv2D", model =>
        {
            string x = model.Node("Unsqueeze", [model.Input("x", 1, 3, 9), model.Integers(2)]);
            string y = model.Node("Conv", [x, Values(model, 4, 3, 1, 3), Values(model, 4)], ("pads", new[] { 0, 1, 0, 1 }));
            return model.Node("Relu", [model.Node("Squeeze", [y, model.Integers(2)])]);
        });

    [Fact]
    public void MatMul_and_Add_are_one_fully_connected_layer() =>
        Check("FullyConnected FullyConnected", model =>
        {
            string hidden = model.Node("Add", [model.Node("MatMul", [model.Input("x", 1, 6), Values(model, 6, 5)]), Values(model, 5)]);
            return model.Node("Add", [Values(model, 2), model.Node("MatMul", [model.Node("Relu", [hidden]), Values(model, 5, 2)])]);
        });

    [Fact]
    public void Tf2onnx_s_transposes_around_every_layer_disappear() =>
        Check("Conv2D Mul MaxPool2D Reshape FullyConnected", model =>
        {
            string x = model.Node("Transpose", [model.Input("x", 1, 6, 6, 3)], ("perm", new[] { 0, 3, 1, 2 }));
            string y = Channels(model, model.Node("Conv", [x, Values(model, 4, 3, 3, 3)]), last: true);
            string gated = model.Node("Mul", [y, model.Node("Sigmoid", [y])]);
            string pooled = model.Node("MaxPool", [Channels(model, gated, last: false)], ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 }));
            string flat = model.Node("Reshape", [Channels(model, pooled, last: true), model.Integers(-1, 16)]);
            return model.Node("MatMul", [flat, Values(model, 16, 3)]);
        }, "Logistic");

    [Fact]
    public void Tf2onnx_s_constant_channel_operands_fold_into_the_convolution() =>
        Check("Conv2D", model =>
        {
            string x = model.Node("Transpose", [model.Input("x", 1, 6, 6, 3)], ("perm", new[] { 0, 3, 1, 2 }));
            string y = model.Node("Conv", [x, Values(model, 4, 3, 3, 3)]);
            string scaled = model.Node("Mul", [y, Values(model, 1, 4, 1, 1)]);
            return Channels(model, model.Node("Relu", [model.Node("Add", [scaled, Values(model, 1, 4, 1, 1)])]), last: true);
        });

    [Fact]
    public void Reductions_mirrors_and_transposed_convolutions_need_no_transposes() =>
        Check("MirrorPad TransposeConv2D ResizeNearest ReduceMax", model =>
        {
            string padded = model.Node("Pad", [model.Input("x", 1, 3, 5, 5), model.Integers(0, 0, 1, 1, 0, 0, 1, 1)], ("mode", "reflect"));
            string y = model.Node("ConvTranspose", [padded, Values(model, 3, 4, 2, 2)], ("strides", new[] { 2, 2 }));
            string resized = model.Node("Resize", [y, "", model.Constant([4], 1, 1, 2, 2)], ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"));
            return model.Node("ReduceMax", [resized], ("axes", new[] { 2, 3 }), ("keepdims", 0));
        });

    private static string Channels(OnnxModel model, string x, bool last) =>
        model.Node("Transpose", [x], ("perm", last ? [0, 2, 3, 1] : new[] { 0, 3, 1, 2 }));

    private static string Values(OnnxModel model, params int[] shape) =>
        model.Constant(shape, ModelRun.Values(new Random(shape.Length), shape.Aggregate(1, (a, b) => a * b)));

    private static void Check(string layers, Func<OnnxModel, string> build, string alsoAnywhere = "")
    {
        var model = new OnnxModel();
        byte[] bytes = model.Output(build(model)).ToBytes();
        ModelGraph unchanged = OnnxImporter.ImportUnchanged(bytes, "habit");
        ModelGraph graph = OnnxImporter.Import(bytes, "habit");
        PassPipeline.Run(graph);
        ModelRun.CheckStructure(graph);
        Assert.Equal(layers, string.Join(' ', graph.Nodes.Select(node => node.Operator.Name).Where(name => name != alsoAnywhere)));
        float[][] inputs = ModelRun.RandomInputs(graph, 3);
        Assert.InRange(ModelRun.Difference(ModelRun.Run(unchanged, inputs), ModelRun.Run(graph, inputs)), 0, 4);
    }
}
