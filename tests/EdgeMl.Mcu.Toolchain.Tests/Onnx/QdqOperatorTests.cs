using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import.Onnx;
using EdgeMl.Mcu.Toolchain.Passes;
using EdgeMl.Mcu.Toolchain.Tests.Quantizing;

namespace EdgeMl.Mcu.Toolchain.Tests.Onnx;

/// <summary>Single operators between DequantizeLinear and QuantizeLinear on the device runtime, against their reals rounded.</summary>
public class QdqOperatorTests
{
    private const int Samples = 40;

    [Theory]
    [InlineData("Conv")]
    [InlineData("Conv1d")]
    [InlineData("ConvRelu")]
    [InlineData("Depthwise")]
    [InlineData("Gemm")]
    [InlineData("MatMul")]
    [InlineData("Add")]
    [InlineData("AddConstant")]
    [InlineData("Mul")]
    [InlineData("Sub")]
    [InlineData("Concat")]
    [InlineData("MaxPool")]
    [InlineData("AveragePool")]
    [InlineData("PaddedAveragePool")]
    [InlineData("GlobalAveragePool")]
    [InlineData("Relu")]
    [InlineData("Clip")]
    [InlineData("LeakyRelu")]
    [InlineData("HardSwish")]
    [InlineData("Sigmoid")]
    [InlineData("Tanh")]
    [InlineData("Gelu")]
    [InlineData("Softmax")]
    [InlineData("Pad")]
    [InlineData("Slice")]
    [InlineData("Transpose")]
    public void An_operator_of_a_QDQ_model_runs_in_int8_within_one_step(string kind)
    {
        foreach (bool isUnsigned in new[] { false, true })
        {
            byte[] floats = Build(kind).ToBytes();
            ModelGraph source = OnnxImporter.ImportUnchanged(floats, kind);
            float[][][] samples = [.. Enumerable.Range(1, Samples).Select(seed => ModelRun.RandomInputs(source, seed))];
            byte[] bytes = QdqModel.Create(floats, samples, isUnsigned);
            var emulated = new FloatExecutor(OnnxImporter.ImportUnchanged(bytes, kind));
            ModelGraph graph = OnnxImporter.Import(bytes, kind);
            PassPipeline.Run(graph);
            ModelRun.CheckStructure(graph);
            var device = new DeviceRun(graph);
            float step = graph.Producer(graph.Outputs[0].Tensor)!.Input.Quantization!.Scale;
            foreach (float[][] sample in samples)
            {
                float[] expected = emulated.Run(sample)[0];
                float[][] inputs = [.. graph.Inputs.Zip(sample, (port, values) => PortLayout.ToDevice<float>(port, values))];
                float[] actual = PortLayout.ToSource<float>(graph.Outputs[0], device.Run(inputs));
                for (int i = 0; i < expected.Length; i++)
                    Assert.InRange(Math.Abs(expected[i] - actual[i]), 0, 1.001f * step);
            }
        }
    }

    private static OnnxModel Build(string kind)
    {
        var model = new OnnxModel(20);
        var random = new Random(7);
        string x = model.Input("x", kind == "Conv1d" ? [1, 4, 9] : [1, 4, 6, 6]);
        string Constant(params int[] shape) => model.Constant(shape, ModelRun.Values(random, shape.Aggregate(1, (a, b) => a * b)));
        string Second() => model.Node("Relu", [model.Input("y", 1, 4, 6, 6)]);
        string Flat() => model.Node("Flatten", [x]);
        (string Name, object Value)[] pool = [("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 })];
        string output = kind switch
        {
            "Conv" => model.Node("Conv", [x, Constant(5, 4, 3, 3), Constant(5)], ("pads", new[] { 1, 1, 1, 1 })),
            "Conv1d" => model.Node("Conv", [x, Constant(5, 4, 3), Constant(5)], ("pads", new[] { 1, 1 })),
            "ConvRelu" => model.Node("Relu", [model.Node("Conv", [x, Constant(5, 4, 3, 3), Constant(5)])]),
            "Depthwise" => model.Node("Conv", [x, Constant(8, 1, 3, 3), Constant(8)], ("group", 4)),
            "Gemm" => model.Node("Gemm", [Flat(), Constant(10, 144), Constant(10)], ("transB", 1)),
            "MatMul" => model.Node("MatMul", [Flat(), Constant(144, 10)]),
            "Add" or "Mul" or "Sub" => model.Node(kind, [x, Second()]),
            "AddConstant" => model.Node("Add", [x, Constant(4, 1, 1)]),
            "Concat" => model.Node("Concat", [x, Second()], ("axis", 1)),
            "MaxPool" or "AveragePool" => model.Node(kind, [x], pool),
            "PaddedAveragePool" => model.Node("AveragePool", [x], [.. pool, ("pads", new[] { 1, 1, 1, 1 }), ("count_include_pad", 1)]),
            "Clip" => model.Node(kind, [x, model.Constant([], -0.5f), model.Constant([], 0.25f)]),
            "Softmax" => model.Node(kind, [x], ("axis", 1)),
            "Pad" => model.Node(kind, [x, model.Integers(0, 0, 1, 0, 0, 0, 2, 1)]),
            "Slice" => model.Node(kind, [x, model.Integers(1), model.Integers(5), model.Integers(2)]),
            "Transpose" => model.Node(kind, [x], ("perm", new[] { 0, 3, 1, 2 })),
            _ => model.Node(kind, [x]),
        };
        return model.Output(output);
    }
}
