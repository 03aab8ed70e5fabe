using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Emit.CSharp;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import;

namespace EdgeMl.Mcu.CompiledCode.Tests;

/// <summary>The forest of scikit-learn as generated C#.</summary>
public sealed class ForestTests(ITestOutputHelper log)
{
    private const int InstructionsMax = 1_500;

    private static readonly CSharpOptions Options = new("Forests", "Digits", "edgeml compile");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_compiled_forest_gives_the_labels_of_scikit_learn_and_the_bits_of_the_runtime(bool isDeviceModel)
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        (CompiledSource source, Model device) = Compile(isDeviceModel);
        Assert.Equal("trees", Assert.Single(source.Layers).Variant);
        Model model = SourceBuild.LoadOnHost((source, Options))[0];
        Assert.Equal(Error.None, new Interpreter(model).SelfTest());
        var compiled = new DeviceModelRunner(model, "forest");
        var runtime = new DeviceModelRunner(device, "forest");
        SampleSet samples = SampleFile.Read(Case("x_test.npy"), runtime.Inputs[0], raw: false);

        SampleSet[] actual = compiled.RunAll([samples], null, TestContext.Current.CancellationToken);

        SampleSet[] expected = runtime.RunAll([samples], null, TestContext.Current.CancellationToken);
        VerificationReport report = Verification.Compare("forest", expected, actual, Tolerance.Exact);
        Assert.True(report.Ok, $"{report.Mismatches} mismatches, first {report.First}");
        long[] predictions = [.. Enumerable.Range(0, samples.Count).Select(i => ((long[])actual[0].Sample(i))[0])];
        Assert.Equal(Labels(), predictions);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_inference_of_the_device_build_stays_within_its_instructions(bool isDeviceModel)
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        (CompiledSource source, Model device) = Compile(isDeviceModel);
        using MeteredProgram program = MeteredProgram.Load([.. SubsetBuilds.Images(source.RuntimeAssemblies), .. SourceBuild.ForDevice(source.Assemblies)]);
        object runner = program.FindType($"{Options.Namespace}.{Options.ClassName}").GetMethod("Create")!.Invoke(null, null)!;
        var meter = new ModelMeter(program, runner);
        var interpreter = new Interpreter(device);
        TensorInfo input = device.Input(0);
        var arena = (sbyte[])runner.GetType().GetProperty("Arena")!.GetValue(runner)!;
        SampleSet samples = SampleFile.Read(Case("x_test.npy"), new DeviceModelRunner(device, "forest").Inputs[0], raw: false);
        long[] labels = Labels();
        var counts = new List<long>();
        for (int i = 0; i < samples.Count; i++)
        {
            interpreter.SetInput(0, (float[])samples.Sample(i));
            meter.SetInput(0, Array.ConvertAll(interpreter.Arena[input.ArenaOffset..(input.ArenaOffset + input.ByteCount)], code => (byte)code));
            counts.Add(meter.Measure().Total.Instructions);
            Assert.Equal(labels[i], arena[device.Output(0).ArenaOffset]);
        }
        log.WriteLine($"{counts.Count} inferences: {counts.Average():F0} IL on average, {counts.Max()} at most; predicted {source.Layers[0].IlInstructions} for the trees");
        log.WriteLine($"{source.Layers[0].CodeBytes} bytes of bytecode at most, heap {source.HeapBytes} bytes");
        Assert.InRange(counts.Max(), 1, InstructionsMax);
    }

    private static (CompiledSource Source, Model Device) Compile(bool isDeviceModel)
    {
        ModelGraph graph = ModelLoader.Load(Case("digits_forest.onnx"));
        byte[] file = EmlmCompiler.Compile(graph).Bytes;
        Model device = Model.Load(file);
        return (isDeviceModel ? CSharpCompiler.Compile(device, file, Options) : CSharpCompiler.Compile(graph, Options), device);
    }

    private static long[] Labels() => (long[])NpyReader.Parse(File.ReadAllBytes(Case("sklearn_labels.npy")), "sklearn_labels.npy").Values;

    private static string Case(string file) => SharedData.File("float", "digits_forest", file);
}
