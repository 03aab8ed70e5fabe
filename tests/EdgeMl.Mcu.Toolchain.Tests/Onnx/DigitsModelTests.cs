using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import.Onnx;
using EdgeMl.Mcu.Toolchain.Passes;

namespace EdgeMl.Mcu.Toolchain.Tests.Onnx;

public class DigitsModelTests
{
    [Theory]
    [InlineData("digits_cnn", 0.97)]
    [InlineData("digits_mlp", 0.95)]
    public void The_repository_s_models_become_plain_layers_that_classify_as_before(string name, double accuracyMin)
    {
        byte[] bytes = File.ReadAllBytes(Repository.PathOf($"models/digits/{name}.onnx"));
        ModelGraph original = OnnxImporter.ImportUnchanged(bytes, name);
        ModelGraph graph = OnnxImporter.Import(bytes, name);
        PassPipeline.Run(graph);
        ModelRun.CheckStructure(graph);
        Assert.DoesNotContain(graph.Nodes, node => node.Operator is Transpose or BatchNormalization or Binary or Unary);

        float[] labels = Read("models/digits/y_test.npy");
        float[][] samples = [.. Read("models/digits/x_test.npy").Chunk(graph.Inputs[0].SourceShape.ElementCount)];
        int correct = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            float[] scores = ModelRun.Run(graph, samples[i]);
            Assert.InRange(ModelRun.Difference(ModelRun.Run(original, samples[i]), scores), 0, 4);
            correct += Array.IndexOf(scores, scores.Max()) == labels[i] ? 1 : 0;
        }
        Assert.InRange((double)correct / samples.Length, accuracyMin, 1);
    }

    private static float[] Read(string path) => NpyReader.Parse(File.ReadAllBytes(Repository.PathOf(path)), path).ToSingles();
}
