using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import.Onnx;
using EdgeMl.Mcu.Toolchain.Passes;

namespace EdgeMl.Mcu.Toolchain.Tests.Onnx;

public class SharedModelTests
{
    [Theory]
    [InlineData("digits_mlp")]
    [InlineData("digits_cnn")]
    [InlineData("har_cnn1d")]
    [InlineData("wand_digit_cnn1d")]
    public void A_PyTorch_export_gives_the_logits_of_PyTorch(string name)
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        Check(SharedData.File("float", name, $"{name}.onnx"), SharedData.File("float", name, "x_test.npy"), SharedData.File("float", name, "logits_test_float.npy"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_official_MNIST_model_gives_its_official_outputs(int set)
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        string data = SharedData.File("float", "onnx_mnist_8", $"test_data_set_{set}");
        Check(SharedData.File("float", "onnx_mnist_8", "model.onnx"), Path.Combine(data, "input_0.npy"), Path.Combine(data, "output_0.npy"));
    }

    [Fact]
    public void A_forest_has_the_trees_that_its_index_counts()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        ModelGraph graph = OnnxImporter.Import(File.ReadAllBytes(SharedData.File("float", "digits_forest", "digits_forest.onnx")), "forest");
        var forest = (TreeEnsemble)graph.Nodes.Single().Operator;
        Assert.Equal((10, 2086 - 1048, 64, 10), (forest.Roots.Length, forest.Nodes.Length, forest.Features, forest.Targets));
    }

    private static void Check(string model, string x, string y)
    {
        byte[] bytes = File.ReadAllBytes(model);
        ModelGraph layout = OnnxImporter.Import(bytes, "model");
        ModelGraph optimized = OnnxImporter.Import(bytes, "model");
        PassPipeline.Run(optimized);
        Assert.DoesNotContain(optimized.Nodes, node => node.Operator is Unary { Kind: UnaryKind.Relu });
        float[] inputs = NpyReader.Parse(File.ReadAllBytes(x), x).ToSingles();
        float[] expected = NpyReader.Parse(File.ReadAllBytes(y), y).ToSingles();
        foreach (ModelGraph graph in new[] { layout, optimized })
        {
            ModelRun.CheckStructure(graph);
            Assert.DoesNotContain(graph.Nodes, node => node.Operator is Transpose);
            int size = graph.Inputs[0].SourceShape.ElementCount;
            float[] actual = [.. inputs.Chunk(size).SelectMany(sample => ModelRun.Run(graph, sample))];
            Assert.InRange(ModelRun.Difference(expected, actual), 0, 1);
        }
    }
}
