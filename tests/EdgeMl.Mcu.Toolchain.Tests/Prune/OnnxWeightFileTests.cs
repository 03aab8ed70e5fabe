using EdgeMl.Mcu.Toolchain.Calibrating;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import.Onnx;
using EdgeMl.Mcu.Toolchain.Import.Onnx.Proto;
using EdgeMl.Mcu.Toolchain.Pruning;
using EdgeMl.Mcu.Toolchain.Tests.Onnx;
using GraphBuilder = EdgeMl.Mcu.Toolchain.Tests.Quantizing.GraphBuilder;

namespace EdgeMl.Mcu.Toolchain.Tests.Pruning;

public class OnnxWeightFileTests
{
    private readonly Random _random = new(5);

    [Theory]
    [InlineData(PruningGranularity.Weight)]
    [InlineData(PruningGranularity.Block)]
    [InlineData(PruningGranularity.Channel)]
    public void A_pruned_file_gives_what_the_pruned_graph_gives(PruningGranularity granularity)
    {
        byte[] bytes = Network().ToBytes();
        PruningResult result = Prune(bytes, granularity, out byte[] written);
        ModelGraph read = OnnxImporter.Import(written, "pruned");
        Assert.Equal(result.Graph.Inputs[0].SourceShape, read.Inputs[0].SourceShape);
        var expected = new FloatExecutor(result.Graph);
        var actual = new FloatExecutor(read);
        foreach (float[][] sample in PruningModels.Samples(20, 72, 9))
            Assert.All(expected.Run(sample)[0].Zip(actual.Run(sample)[0]), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        bool isSmaller = Weights(read) < Weights(result.Graph);
        Assert.Equal(granularity == PruningGranularity.Channel, isSmaller);
        if (granularity == PruningGranularity.Channel)
            Assert.InRange(Weights(read), 1, 0.5 * Weights(result.Graph));
    }

    [Fact]
    public void What_is_no_weight_stays_as_it_is()
    {
        OnnxModel model = Network();
        model.Proto.ProducerName = "trainer";
        // ModelProto.doc_string, which the importer does not read.
        byte[] bytes = [.. model.ToBytes(), (6 << 3) | 2, 4, .. "note"u8];
        Prune(bytes, PruningGranularity.Weight, out byte[] written);
        ModelProto before = OnnxReader.Read(bytes, keepsUnknown: true), after = OnnxReader.Read(written, keepsUnknown: true);
        Assert.Contains("note", System.Text.Encoding.Latin1.GetString(written), StringComparison.Ordinal);
        Assert.NotEqual(before, after);
        Assert.Equal(before.Graph.Initializer.Select(tensor => (tensor.Name, tensor.DataType, string.Join('x', tensor.Dims))), after.Graph.Initializer.Select(tensor => (tensor.Name, tensor.DataType, string.Join('x', tensor.Dims))));
        before.Graph.Initializer.Clear();
        after.Graph.Initializer.Clear();
        Assert.Equal(before, after);
    }

    [Fact]
    public void Weights_that_two_nodes_share_are_not_replaceable()
    {
        var model = new OnnxModel();
        string x = model.Input("x", 1, 4), shared = model.Constant([4, 4], Values(16));
        string a = model.Node("MatMul", [x, shared]), b = model.Node("MatMul", [a, shared]);
        byte[] bytes = model.Output(model.Node("MatMul", [b, model.Constant([4, 3], Values(12))])).ToBytes();
        var file = OnnxWeightFile.Open(bytes, "shared");
        Assert.Equal([file.Graph.Nodes[^1].Name], file.Replaceable);
    }

    [Fact]
    public void Weights_that_are_scaled_on_the_way_are_not_replaceable_and_those_that_are_moved_are()
    {
        var model = new OnnxModel();
        string x = model.Input("x", 1, 4);
        string scaled = model.Node("Gemm", [x, model.Constant([4, 4], Values(16)), model.Constant([4], Values(4))], ("alpha", 0.5f));
        string transposed = model.Node("Transpose", [model.Constant([3, 4], Values(12))], ("perm", new[] { 1, 0 }));
        byte[] bytes = model.Output(model.Node("MatMul", [scaled, transposed])).ToBytes();
        var file = OnnxWeightFile.Open(bytes, "moved");
        Assert.Equal([file.Graph.Nodes[^1].Name], file.Replaceable);

        ModelGraph copy = file.Graph.Copy();
        var layer = LinearNode.Of(copy.Nodes[^1])!;
        LayerWeights.Of(layer).Without(new HashSet<int> { 1 }).WriteTo(copy.Nodes[^1]);
        ModelGraph read = OnnxImporter.Import(file.Write(copy), "moved");
        Assert.Equal(copy.Nodes[^1].Inputs[1]!.Reals(), read.Nodes[^1].Inputs[1]!.Reals());
        Assert.Contains(0, read.Nodes[^1].Inputs[1]!.Reals());
    }

    [Theory]
    [InlineData("Double")]
    [InlineData("Float16")]
    public void Constants_keep_their_type(string name)
    {
        var type = Enum.Parse<TensorProto.Types.DataType>(name);
        var model = new OnnxModel();
        string weights = model.Constant([4, 4], [.. Enumerable.Range(0, 16).Select(i => i / 16f)]);
        TensorProto tensor = model.Proto.Graph.Initializer.Single();
        tensor.DataType = type;
        OnnxTensors.Store(tensor, [.. Enumerable.Range(0, 16).Select(i => i / 16f)]);
        byte[] bytes = model.Output(model.Node("MatMul", [model.Input("x", 1, 4), weights])).ToBytes();
        var file = OnnxWeightFile.Open(bytes, "typed");
        ModelGraph copy = file.Graph.Copy();
        LayerWeights.Of(LinearNode.Of(copy.Nodes[0])!).Without(new HashSet<int> { 2 }).WriteTo(copy.Nodes[0]);
        byte[] written = file.Write(copy);
        Assert.Equal(type, ModelProto.Parser.ParseFrom(written).Graph.Initializer.Single().DataType);
        Assert.Equal(copy.Nodes[0].Inputs[1]!.Reals(), OnnxImporter.Import(written, "typed").Nodes[0].Inputs[1]!.Reals());
    }

    /// <summary>Input [1, 2, 6, 6]: a convolution, a depthwise one, a pool, a reshape with sizes and a Gemm.</summary>
    private OnnxModel Network()
    {
        var model = new OnnxModel();
        int[] pads = [1, 1, 1, 1], square = [3, 3];
        string x = model.Input("x", 1, 2, 6, 6);
        string first = model.Node("Relu", [model.Node("Conv", [x, model.Constant([9, 2, 3, 3], Values(162)), model.Constant([9], Values(9))], ("kernel_shape", square), ("pads", pads))]);
        string depthwise = model.Node("Relu", [model.Node("Conv", [first, model.Constant([9, 1, 3, 3], Values(81)), model.Constant([9], Values(9))], ("kernel_shape", square), ("pads", pads), ("group", 9))]);
        string pooled = model.Node("MaxPool", [depthwise], ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 }));
        string flat = model.Node("Reshape", [pooled, model.Integers(1, 81)]);
        string hidden = model.Node("Relu", [model.Node("Gemm", [flat, model.Constant([12, 81], Values(12 * 81)), model.Constant([12], Values(12))], ("transB", 1))]);
        return model.Output(model.Node("Gemm", [hidden, model.Constant([12, 4], Values(48)), model.Constant([4], Values(4))]));
    }

    private float[] Values(int count) => GraphBuilder.Values(_random, count, -0.5f, 0.6f);

    private static PruningResult Prune(byte[] bytes, PruningGranularity granularity, out byte[] written)
    {
        using var folder = new EdgeMl.Mcu.Testing.TemporaryFolder();
        File.WriteAllBytes(folder.File("model.onnx"), bytes);
        PrunableFile file = PrunableFile.Open(folder.File("model.onnx"), new EmitOptions());
        PrunedFile pruned = file.Prune(PruningModels.Samples(120, 72, 4), new PruningOptions { Sparsity = 0.5, Granularity = granularity }, cancellation: TestContext.Current.CancellationToken);
        written = pruned.Content;
        return Assert.IsType<PruningResult>(pruned.Report);
    }

    private static long Weights(ModelGraph graph) => graph.Nodes.Select(LinearNode.Of).OfType<LinearNode>().Sum(layer => (long)layer.Outputs * layer.Taps);
}
