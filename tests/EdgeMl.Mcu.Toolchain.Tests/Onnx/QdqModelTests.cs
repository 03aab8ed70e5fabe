using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import.Onnx;
using EdgeMl.Mcu.Toolchain.Import.Onnx.Proto;
using EdgeMl.Mcu.Toolchain.Passes;
using EdgeMl.Mcu.Toolchain.Tests.Quantizing;
using Google.Protobuf;

namespace EdgeMl.Mcu.Toolchain.Tests.Onnx;

/// <summary>Whole QDQ models: the digits models, quantised as the usual tools do it.</summary>
public class QdqModelTests(ITestOutputHelper output)
{
    private const int CalibrationSamples = 100;

    [Theory]
    [InlineData("digits_cnn", false, "Conv2D MaxPool2D DepthwiseConv2D Conv2D MaxPool2D Reshape FullyConnected Softmax Quantize")]
    [InlineData("digits_cnn", true, "Conv2D MaxPool2D DepthwiseConv2D Conv2D MaxPool2D Reshape FullyConnected Softmax Quantize")]
    [InlineData("digits_mlp", false, "FullyConnected FullyConnected")]
    [InlineData("digits_mlp", true, "FullyConnected FullyConnected")]
    public void A_QDQ_model_becomes_an_int8_model_with_the_accuracy_of_its_reals(string name, bool isUnsigned, string layers)
    {
        byte[] floats = FoldedNormalization.Apply(File.ReadAllBytes(Repository.PathOf($"models/digits/{name}.onnx")));
        int size = OnnxImporter.ImportUnchanged(floats, name).Inputs[0].SourceShape.ElementCount;
        byte[] bytes = QdqModel.Create(floats, Read("x_train").Chunk(size).Take(CalibrationSamples).Select(sample => new[] { sample }), isUnsigned);
        var emulated = new FloatExecutor(OnnxImporter.ImportUnchanged(bytes, name));
        ModelGraph graph = OnnxImporter.Import(bytes, name);
        PassPipeline.Run(graph);
        Assert.Equal($"Quantize {layers} Dequantize", string.Join(' ', graph.Nodes.Select(node => node.Operator.Name)));
        var device = new DeviceRun(graph);

        float[] labels = Read("y_test");
        float step = graph.Nodes[^1].Input.Quantization!.Scale;
        int expectedRight = 0, right = 0, equal = 0, same = 0;
        float[][] samples = [.. Read("x_test").Chunk(size)];
        for (int i = 0; i < samples.Length; i++)
        {
            float[] expected = emulated.Run([samples[i]])[0];
            float[] actual = device.Run([PortLayout.ToDevice<float>(graph.Inputs[0], samples[i])]);
            expectedRight += Best(expected) == labels[i] ? 1 : 0;
            right += Best(actual) == labels[i] ? 1 : 0;
            same += Best(actual) == Best(expected) ? 1 : 0;
            equal += expected.Zip(actual).Count(pair => Math.Abs(pair.First - pair.Second) < 0.5f * step);
        }
        output.WriteLine($"{name}: {right} of {labels.Length} right, {expectedRight} in reals; {same} of the same class, {100.0 * equal / (10 * labels.Length):F1} % of the outputs equal");
        Assert.InRange(Math.Abs(right - expectedRight), 0, 1);
        Assert.InRange(same, labels.Length - 1, labels.Length);
    }

    [Fact]
    public void Float_parts_of_a_QDQ_model_are_refused_by_name()
    {
        var model = new OnnxModel();
        string x = model.Input("x", 1, 4);
        string scale = model.Constant([], 0.1f);
        string quantized = model.Node("QuantizeLinear", [x, scale]);
        string real = model.Node("Sigmoid", [model.Node("Exp", [model.Node("DequantizeLinear", [quantized, scale])])]);
        string y = model.Node("DequantizeLinear", [model.Node("QuantizeLinear", [real, scale]), scale]);
        ModelGraph graph = OnnxImporter.Import(model.Output(y).ToBytes(), "mixed");
        PassPipeline.Run(graph);
        var error = Assert.Throws<ToolchainException>(() => new DeviceRun(graph));
        Assert.Equal(ErrorCodes.NotRunnable, error.Code);
        Assert.Contains("Exp 'Exp/", error.Message, StringComparison.Ordinal);
        Assert.Contains("Sigmoid/", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_integer_input_takes_its_scale_from_what_reads_it()
    {
        var model = new OnnxModel();
        string x = model.Input("x", 1, 3);
        model.Proto.Graph.Input[0].Type.TensorType.ElemType = TensorProto.Types.DataType.Uint8;
        string scale = model.Constant([], 0.5f);
        string zero = model.Bytes(100);
        string moved = model.Node("QuantizeLinear", [model.Node("Relu", [model.Node("DequantizeLinear", [x, scale, zero])]), scale, zero]);
        string y = model.Node("DequantizeLinear", [model.Node("Flatten", [moved]), scale, zero]);
        ModelGraph graph = OnnxImporter.Import(model.Output(y).ToBytes(), "integers");
        PassPipeline.Run(graph);
        Assert.Equal(new Quantization(0.5f, -28).Scale, graph.Inputs[0].Tensor.Quantization!.Scale);
        Assert.Equal((ElementType.Int8, -28), (graph.Inputs[0].Tensor.Type, graph.Inputs[0].Tensor.Quantization!.ZeroPoint));
        Assert.Equal([0, 1, 3.5f], new DeviceRun(graph).Run([[-4, 1, 3.5f]]));
    }

    private static int Best(float[] scores) => Array.IndexOf(scores, scores.Max());

    private static float[] Read(string name)
    {
        string path = Repository.PathOf($"models/digits/{name}.npy");
        return NpyReader.Parse(File.ReadAllBytes(path), path).ToSingles();
    }
}
