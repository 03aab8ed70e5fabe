using System.Diagnostics;
using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Edges;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Emit.CSharp.Trees;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import;
using Microsoft.CodeAnalysis;

namespace EdgeMl.Mcu.OnClr.Tests.Trees;

/// <summary>A forest of scikit-learn in all its forms: predictions, instructions, and the real interpreter.</summary>
public sealed class DigitsForestTests(ITestOutputHelper log)
{
    private const int FlatIlMax = 4_800;
    private const int CompiledIlMax = 1_500;

    [Fact]
    public void Every_inference_stays_within_its_instructions_and_gives_the_label_of_scikit_learn()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        (byte[] file, TreeEnsemble ensemble, byte[][] samples) = Load("digits_forest.onnx");
        long[] labels = Labels();
        using MeteredProgram flat = MeteredProgram.Load(File.ReadAllBytes(SubsetBuilds.Runtime));
        ModelMeter flatMeter = ModelMeter.Open(flat, file);
        var code = new TreeCode();
        TreeKernelSource source = code.Add(ensemble)!;
        using MeteredProgram program = MeteredProgram.Load(File.ReadAllBytes(SubsetBuilds.Runtime), code.ForDevice());
        object runner = Activator.CreateInstance(program.FindType("Generated.Trees0Runner"))!;
        var arena = (sbyte[])runner.GetType().GetField("Arena")!.GetValue(runner)!;
        var compiledMeter = new ModelMeter(program, runner);
        var flatIl = new List<long>();
        var compiledIl = new List<long>();
        for (int i = 0; i < samples.Length; i++)
        {
            flatMeter.SetInput(0, samples[i]);
            compiledMeter.SetInput(0, samples[i]);
            flatIl.Add(flatMeter.Measure().Total.Instructions);
            compiledIl.Add(compiledMeter.Measure().Total.Instructions);
            Assert.Equal(labels[i], arena[ensemble.Features + (4 * ensemble.Scores)]);
        }
        log.WriteLine($"flat: {flatIl.Average():F0} IL on average, {flatIl.Max()} at most; compiled: {compiledIl.Average():F0}, {compiledIl.Max()}");
        log.WriteLine($"file {file.Length} bytes; compiled {source.Kernel.Bytes + source.Methods.Sum(method => method.Bytes)} bytes of bytecode at most, predicted {source.Instructions} IL");
        Assert.InRange(flatIl.Max(), 1, FlatIlMax);
        Assert.InRange(compiledIl.Max(), 1, CompiledIlMax);
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

    [Fact]
    public void Compiled_code_gives_the_bits_of_the_host_runtime_on_the_interpreter()
    {
        Assert.SkipUnless(NanoTools.AreAvailable, NanoTools.Missing);
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        (byte[] file, TreeEnsemble ensemble, byte[][] samples) = Load("digits_forest.onnx");
        var code = new TreeCode();
        code.Add(ensemble);
        using var folder = new TemporaryFolder();
        var compiler = new DeviceCompiler(folder.Path);
        compiler.Compile("EdgeMl.Mcu.Runtime", DeviceCompiler.RuntimeSources());
        compiler.Compile("Generated", [DeviceCompiler.Parse(code.Source())]);
        compiler.Compile("Program", [DeviceCompiler.Parse(Program(ensemble, samples))], OutputKind.ConsoleApplication);
        var start = new ProcessStartInfo(NanoTools.NanoClr, compiler.PortableExecutables) { RedirectStandardOutput = true, RedirectStandardError = true };
        string output = ProcessResult.Run(start, TimeSpan.FromMinutes(5)).Output;
        byte[][] outputs = [.. output.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.StartsWith("output ", StringComparison.Ordinal)).Select(line => Convert.FromHexString(line[7..]))];
        // The arena of the compiled code has the scores before the label.
        Assert.Equal(HostOutputs(file, samples), outputs.Select(bytes => (byte[])[.. bytes[^sizeof(long)..], .. bytes[..^sizeof(long)]]));
    }

    [Fact]
    public void Float32_inputs_give_the_bits_of_the_host_runtime_on_the_interpreter()
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
        }
        IReadOnlyList<InterpreterRun> runs = InterpreterRun.Execute([.. payloads]);
        for (int i = 0; i < runs.Count; i++)
            Assert.Equal(expected[i], runs[i].Outputs);
    }

    private static (byte[] File, TreeEnsemble Ensemble, byte[][] Samples) Load(string model)
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
        return (file, graph.Nodes.Select(node => node.Operator).OfType<TreeEnsemble>().Single(), samples);
    }

    private static string Program(TreeEnsemble ensemble, byte[][] samples) => $$"""
        using System.Diagnostics;
        namespace Generated
        {
            public static class Program
            {
                private static readonly byte[] Samples = new byte[] { {{string.Join(',', samples.SelectMany(sample => sample))}} };

                public static void Main()
                {
                    var runner = new Trees0Runner();
                    for (int start = 0; start < Samples.Length; start += {{ensemble.Features}})
                    {
                        for (int i = 0; i < {{ensemble.Features}}; i++)
                            runner.Arena[i] = (sbyte)Samples[start + i];
                        runner.Invoke();
                        string line = "output ";
                        for (int i = {{ensemble.Features}}; i < runner.Arena.Length; i++)
                            line += "0123456789ABCDEF"[(runner.Arena[i] >> 4) & 15].ToString() + "0123456789ABCDEF"[runner.Arena[i] & 15].ToString();
                        Debug.WriteLine(line);
                    }
                }
            }
        }
        """;

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
