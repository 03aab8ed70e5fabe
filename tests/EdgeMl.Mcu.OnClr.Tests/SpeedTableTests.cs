using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Emit.CSharp;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>
/// The same models in every form: plain kernels, packed kernels, packed weights, compiled, compiled without the smallest 80 % of the weights. Instructions are counted, and time is that of
/// the real interpreter, per multiply-accumulate of the dense model.
/// </summary>
public sealed class SpeedTableTests(ITestOutputHelper log)
{
    private const double PrunedPart = 0.8;
    private const int Rounds = 5;
    private static readonly EmitOptions Plain = new() { PlainKernels = true };
    private static readonly EmitOptions Packed = new();
    private static readonly EmitOptions PackedWeights = new() { PackedWeightBytes = 1 << 20 };

    [Theory]
    [InlineData("digits_mlp", true)]
    [InlineData("digits_cnn", true)]
    [InlineData("magic_wand_int8", true)]
    [InlineData("kws_ref_int8", true)]
    [InlineData("ic_resnet8_int8", false)]
    [InlineData("ad01_int8", false)]
    public void Every_form_is_faster_than_the_plain_kernels_and_gives_the_same_bits(string name, bool compiles)
    {
        Assert.SkipUnless(NanoTools.AreAvailable, NanoTools.Missing);
        Assert.SkipUnless(SharedData.IsAvailable || CompiledModels.Digits.Contains(name), SharedData.Missing);
        ModelGraph graph = CompiledModels.Get(name).Graph;
        List<Form> forms = [Form.Interpreted("plain", graph, Plain), Form.Interpreted("packed", graph, Packed)];
        if (graph.Nodes.Any(node => node.Operator is FullyConnected))
            forms.Add(Form.Interpreted("packed weights", graph, PackedWeights));
        if (compiles)
        {
            forms.Add(Form.Compiled("compiled", name, graph));
            forms.Add(Form.Compiled($"compiled, {PrunedPart:P0} zeros", name + "_pruned", Sparsity.Prune(graph, PrunedPart)));
        }

        IReadOnlyList<InterpreterRun> runs = InterpreterRun.Execute([.. forms.Select(form => form.Payload)]);

        long macs = GoldenIndex.Macs(name) ?? CompiledModels.Get(name).Program.Layers.Sum(layer => layer.Macs);
        for (int i = 0; i < forms.Count; i++)
        {
            Assert.Equal((0, 0), (runs[i].LoadError, runs[i].SelfTestError));
            Assert.All(runs[i].Outputs, output => Assert.Equal(forms[i].Expected, output));
            log.WriteLine($"| {name} | {forms[i].Name} | {(double)forms[i].Instructions / macs:F2} | {runs[i].Times.Min().TotalNanoseconds / macs:F1} | {runs[i].Times.Min().TotalMilliseconds:F2} |");
        }
        Assert.All(forms.Skip(1), form => Assert.InRange(form.Instructions, 1, forms[0].Instructions));
    }

    /// <summary>One way to run a model, on one input several times.</summary>
    private sealed record Form(string Name, Payload Payload, byte[] Expected, long Instructions)
    {
        public static Form Interpreted(string form, ModelGraph graph, EmitOptions options)
        {
            byte[] file = EmlmCompiler.Compile(graph, options).Bytes;
            (byte[] samples, byte[] expected) = Samples(file);
            using MeteredProgram program = MeteredProgram.Load(SubsetBuilds.RuntimeImages());
            return new Form(form, new Payload(file, samples), expected, ModelMeter.Open(program, file).Measure().Total.Instructions);
        }

        public static Form Compiled(string form, string name, ModelGraph graph)
        {
            var options = new CSharpOptions("OnClr", CSharpNames.ClassOf(name), "edgeml compile");
            CompiledSource source = CSharpCompiler.Compile(graph, options);
            (byte[] samples, byte[] expected) = Samples(EmlmCompiler.Compile(graph).Bytes);
            using MeteredProgram program = MeteredProgram.Load([.. SubsetBuilds.RuntimeImages(), .. SourceBuild.ForDevice(source.Assemblies)]);
            object runner = program.FindType($"{options.Namespace}.{options.ClassName}").GetMethod("Create")!.Invoke(null, null)!;
            return new Form(form, new Payload([], samples, Code: (source, options)), expected, new ModelMeter(program, runner).Measure().Total.Instructions);
        }

        /// <summary>The same input for every round, and the host's output.</summary>
        private static (byte[] Samples, byte[] Expected) Samples(byte[] file)
        {
            var interpreter = new Interpreter(Model.Load(file));
            TensorInfo input = interpreter.Model.Input(0);
            SelfTestVector.Fill(interpreter.Arena, input.ArenaOffset, input.ByteCount, 1);
            byte[] sample = [.. interpreter.Arena.Skip(input.ArenaOffset).Take(input.ByteCount).Select(value => (byte)value)];
            interpreter.Invoke();
            byte[] expected = new byte[interpreter.Model.Output(0).ByteCount];
            interpreter.GetOutput(0, expected);
            return ([.. Enumerable.Repeat(sample, Rounds).SelectMany(bytes => bytes)], expected);
        }
    }
}
