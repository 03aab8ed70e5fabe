using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Edges;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Emit.CSharp;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import;

namespace EdgeMl.Mcu.OnClr.Tests.Trees;

/// <summary>A forest of scikit-learn in all its forms: predictions, instructions, and the real interpreter.</summary>
public sealed class DigitsForestTests(ITestOutputHelper log)
{
    private const int InstructionsMax = 4_800;
    private const int CompiledEnsembles = 10;

    [Fact]
    public void Every_inference_of_the_kernel_stays_within_its_instructions_and_gives_the_label_of_scikit_learn()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        (byte[] file, _, byte[][] samples) = Load("digits_forest.onnx");
        long[] labels = Labels();
        using MeteredProgram program = MeteredProgram.Load(SubsetBuilds.RuntimeImages());
        ModelMeter meter = ModelMeter.Open(program, file);
        var arena = (sbyte[])meter.Runner.GetType().GetProperty("Arena")!.GetValue(meter.Runner)!;
        int label = Model.Load(file).Output(0).ArenaOffset;
        var counts = new List<long>();
        for (int i = 0; i < samples.Length; i++)
        {
            meter.SetInput(0, samples[i]);
            counts.Add(meter.Measure().Total.Instructions);
            Assert.Equal(labels[i], arena[label]);
        }
        log.WriteLine($"{counts.Average():F0} IL on average, {counts.Max()} at most; file {file.Length} bytes");
        Assert.InRange(counts.Max(), 1, InstructionsMax);
    }

    [Theory]
    [InlineData("digits_forest.onnx")]
    [InlineData("digits_tree_regressor.onnx")]
    public void The_interpreter_gives_the_bits_of_the_host_runtime_on_all_test_samples(string model)
    {
        Assert.SkipUnless(NanoTools.AreAvailable, NanoTools.Missing);
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        (byte[] file, _, byte[][] samples) = Load(model);
        InterpreterRun run = InterpreterRun.Execute(new Payload(file, [.. samples.SelectMany(sample => sample)]))[0];
        Assert.Equal((int)Error.None, run.LoadError);
        Assert.Equal((int)Error.None, run.SelfTestError);
        Assert.Equal(HostOutputs(file, samples), run.Outputs);
        log.WriteLine($"{model}: {run.Times.Min().TotalMicroseconds:F0} µs per inference on this interpreter");
    }

    [Theory]
    [InlineData("digits_forest.onnx")]
    [InlineData("digits_tree_regressor.onnx")]
    public void Compiled_code_gives_the_bits_of_the_host_runtime_on_the_interpreter(string model)
    {
        Assert.SkipUnless(NanoTools.AreAvailable, NanoTools.Missing);
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        (byte[] file, ModelGraph graph, byte[][] samples) = Load(model);
        var options = new CSharpOptions("Models", "Trees", "edgeml compile");
        CompiledSource source = CSharpCompiler.Compile(graph, options);
        Assert.Equal("trees", Assert.Single(source.Layers).Variant);
        InterpreterRun run = InterpreterRun.Execute(new Payload([], [.. samples.SelectMany(sample => sample)], Code: (source, options)))[0];
        Assert.Equal((int)Error.None, run.LoadError);
        Assert.Equal((int)Error.None, run.SelfTestError);
        Assert.Equal(HostOutputs(file, samples), run.Outputs);
        log.WriteLine($"{model}: {run.Times.Min().TotalMicroseconds:F0} µs per inference on this interpreter");
    }

    [Fact]
    public void Random_trees_give_the_bits_of_the_host_runtime_on_the_interpreter_as_kernels_and_as_code()
    {
        Assert.SkipUnless(NanoTools.AreAvailable, NanoTools.Missing);
        var payloads = new List<Payload>();
        var expected = new List<IReadOnlyList<byte[]>>();
        foreach (int seed in Enumerable.Range(0, 40))
        {
            TreeEnsemble ensemble = RandomTrees.Create(seed);
            byte[] file = EmlmCompiler.Compile(RandomTrees.Graph(ensemble)).Bytes;
            var interpreter = new Interpreter(Model.Load(file));
            TensorInfo input = interpreter.Model.Input(0);
            byte[][] samples = [.. RandomTrees.Rows(ensemble, 6, seed).Select(row =>
            {
                interpreter.SetInput(0, row);
                return Array.ConvertAll(interpreter.Arena[input.ArenaOffset..(input.ArenaOffset + input.ByteCount)], value => (byte)value);
            })];
            payloads.Add(new Payload(file, [.. samples.SelectMany(sample => sample)]));
            expected.Add(HostOutputs(file, samples));
            if (seed >= CompiledEnsembles)
                continue;
            var options = new CSharpOptions("Models", $"Trees{seed}", "edgeml compile");
            payloads.Add(new Payload([], [.. samples.SelectMany(sample => sample)], Code: (CSharpCompiler.Compile(RandomTrees.Graph(ensemble), options), options)));
            expected.Add(expected[^1]);
        }
        IReadOnlyList<InterpreterRun> runs = InterpreterRun.Execute([.. payloads]);
        for (int i = 0; i < runs.Count; i++)
        {
            Assert.Equal((int)Error.None, runs[i].SelfTestError);
            Assert.Equal(expected[i], runs[i].Outputs);
        }
    }

    private static (byte[] File, ModelGraph Graph, byte[][] Samples) Load(string model)
    {
        ModelGraph graph = ModelLoader.Load(SharedData.File("float", "digits_forest", model));
        byte[] file = EmlmCompiler.Compile(graph).Bytes;
        TensorInfo input = Model.Load(file).Input(0);
        var all = (float[])NpyReader.Parse(File.ReadAllBytes(SharedData.File("float", "digits_forest", "x_test.npy")), "x_test.npy").Values;
        byte[][] samples = [.. all.Chunk(input.Count).Select(sample =>
        {
            var codes = new sbyte[sample.Length];
            FloatEdge.Ceiling(sample, codes, 0, input.Scale, input.ZeroPoint);
            return Array.ConvertAll(codes, code => (byte)code);
        })];
        return (file, graph, samples);
    }

    private static long[] Labels() => (long[])NpyReader.Parse(File.ReadAllBytes(SharedData.File("float", "digits_forest", "sklearn_labels.npy")), "sklearn_labels.npy").Values;

    private static List<byte[]> HostOutputs(byte[] file, IEnumerable<byte[]> samples)
    {
        var interpreter = new Interpreter(Model.Load(file));
        var outputs = new List<byte[]>();
        foreach (byte[] sample in samples)
        {
            interpreter.SetInput(0, sample);
            interpreter.Invoke();
            outputs.Add([.. Enumerable.Range(0, interpreter.Model.OutputCount).SelectMany(i =>
            {
                var bytes = new byte[interpreter.Model.Output(i).ByteCount];
                interpreter.GetOutput(i, bytes);
                return bytes;
            })]);
        }
        return outputs;
    }
}
