using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Edges;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>The repository's own models, from ONNX to the real interpreter.</summary>
public sealed class DigitsTests(ITestOutputHelper log)
{
    [Theory]
    [InlineData("digits_cnn")]
    [InlineData("digits_mlp")]
    public void The_interpreter_gives_the_bits_of_the_host_runtime_on_all_test_samples(string model)
    {
        Assert.SkipUnless(NanoTools.AreAvailable, NanoTools.Missing);
        byte[] file = Quantize(model);
        Model loaded = Model.Load(file);
        sbyte[][] samples = [.. TestSamples(loaded.Input(0).Count).Select(sample => Array.ConvertAll(sample, value => (sbyte)FloatEdge.Quantize(value, loaded.Input(0).Scale, loaded.Input(0).ZeroPoint)))];

        InterpreterRun run = InterpreterRun.Execute(new Payload(file, [.. samples.SelectMany(sample => sample).Select(value => (byte)value)]))[0];

        Assert.Equal((int)Error.None, run.LoadError);
        Assert.Equal((int)Error.None, run.SelfTestError);
        Assert.Equal(samples.Length, run.Outputs.Count);
        var host = new Interpreter(loaded);
        var expected = new sbyte[loaded.Output(0).Count];
        for (int i = 0; i < samples.Length; i++)
        {
            host.SetInput(0, samples[i]);
            host.Invoke();
            host.GetOutput(0, expected);
            Assert.Equal(expected, Array.ConvertAll(run.Outputs[i], value => (sbyte)value));
        }
        log.WriteLine($"{model}: {run.Times.Min().TotalMilliseconds:F2} ms per inference on this interpreter");
    }

    private static byte[] Quantize(string model)
    {
        ModelFile source = ModelFile.Open(Repository.PathOf($"models/digits/{model}.onnx"));
        SampleSet calibration = SampleFile.Read(Repository.PathOf("models/digits/x_train.npy"), source.Graph!.Inputs[0], raw: false);
        return EmlmCompiler.Compile(PostTrainingQuantizer.Quantize(source.Graph, CalibrationSamples.ToGraphLayout([calibration])).Graph).Bytes;
    }

    private static float[][] TestSamples(int elements) =>
        [.. ((float[])NpyReader.Parse(File.ReadAllBytes(Repository.PathOf("models/digits/x_test.npy")), "x_test.npy").Values).Chunk(elements)];
}
