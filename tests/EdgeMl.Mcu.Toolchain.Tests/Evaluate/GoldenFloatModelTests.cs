using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import.TfLite;

namespace EdgeMl.Mcu.Toolchain.Tests.Evaluate;

public class GoldenFloatModelTests
{
    [Theory]
    [InlineData("hello_world_float")]
    [InlineData("ad01_float")]
    [InlineData("ic_resnet8_float")]
    [InlineData("mnist_valid_float")]
    public void A_float_model_gives_what_the_reference_kernels_give(string name)
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        string folder = SharedData.File("golden", name);
        ModelGraph graph = TfLiteImporter.Import(File.ReadAllBytes(Path.Combine(folder, "model.tflite")), name);
        var executor = new FloatExecutor(graph);
        string[] inputs = Directory.GetFiles(folder, "input_*.bin");
        Assert.NotEmpty(inputs);
        foreach (string input in inputs)
        {
            string output = Path.Combine(folder, Path.GetFileName(input).Replace("input_", "output_", StringComparison.Ordinal));
            SampleSet samples = SampleFile.Read(input, graph.Inputs[0], raw: true), expected = SampleFile.Read(output, graph.Outputs[0], raw: true);
            for (int i = 0; i < samples.Count; i++)
            {
                float[] actual = executor.Run([(float[])samples.Sample(i)])[0];
                Assert.True(Nodes.AreClose([.. ((float[])expected.Sample(i)).Select(value => (double)value)], actual), $"{input}, sample {i}");
            }
        }
    }
}
