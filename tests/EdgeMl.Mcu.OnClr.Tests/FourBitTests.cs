using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Edges;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>Models with packed 4-bit weights on the real interpreter.</summary>
public sealed class FourBitTests(ITestOutputHelper log)
{
    private const int Samples = 40;

    [Fact]
    public void The_interpreter_gives_the_bits_of_the_host_runtime()
    {
        Assert.SkipUnless(NanoTools.AreAvailable, NanoTools.Missing);
        (string Name, byte[] File)[] models = [.. new[] { "digits_cnn", "digits_mlp" }.Select(name => (name, Quantize(name)))];
        byte[][] inputs = [.. models.Select(model => Inputs(Model.Load(model.File)))];
        IReadOnlyList<InterpreterRun> runs = InterpreterRun.Execute([.. models.Select((model, i) => new Payload(model.File, inputs[i]))]);
        for (int i = 0; i < models.Length; i++)
        {
            var host = new Interpreter(Model.Load(models[i].File));
            Assert.Equal((0, 0, Samples), (runs[i].LoadError, runs[i].SelfTestError, runs[i].Outputs.Count));
            byte[] expected = new byte[host.Model.Output(0).ByteCount];
            foreach ((byte[] input, byte[] output) in inputs[i].Chunk(host.Model.Input(0).ByteCount).Zip(runs[i].Outputs))
            {
                host.SetInput(0, input);
                host.Invoke();
                host.GetOutput(0, expected);
                Assert.Equal(expected, output);
            }
            log.WriteLine($"{models[i].Name}, 4-bit weights: {runs[i].Times.Min().TotalMilliseconds:F2} ms per inference on this interpreter");
        }
    }

    private static byte[] Quantize(string model)
    {
        ModelFile source = ModelFile.Open(Repository.PathOf($"models/digits/{model}.onnx"));
        SampleSet calibration = SampleFile.Read(Repository.PathOf("models/digits/x_train.npy"), source.Graph!.Inputs[0], raw: false);
        return new QuantizationJob { Method = CalibrationMethod.MinMax, WeightBits = 4 }
            .Run(source.Graph, CalibrationSamples.ToGraphLayout([calibration])).Compiled.Bytes;
    }

    private static byte[] Inputs(Model model)
    {
        var values = (float[])NpyReader.Parse(File.ReadAllBytes(Repository.PathOf("models/digits/x_test.npy")), "x_test.npy").Values;
        return [.. values.Take(Samples * model.Input(0).Count).Select(value => (byte)FloatEdge.Quantize(value, model.Input(0).Scale, model.Input(0).ZeroPoint))];
    }
}
