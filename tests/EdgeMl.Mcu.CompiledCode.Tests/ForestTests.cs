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

public sealed class ForestTests(ITestOutputHelper log)
{
    private const int MeteredSamples = 20;
    private const double InstructionsMax = 1700;

    [Fact]
    public void A_compiled_forest_gives_the_bits_of_the_runtime_in_few_instructions()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        ModelGraph graph = ModelLoader.Load(SharedData.File("float", "digits_forest", "digits_forest.onnx"));
        var options = new CSharpOptions("Forests", "Digits", "edgeml compile");
        CompiledSource source = CSharpCompiler.Compile(graph, options);
        Assert.Contains("trees", source.Layers.Select(layer => layer.Variant));
        var compiled = new DeviceModelRunner(SourceBuild.LoadOnHost((source, options))[0], "forest");
        var runtime = new DeviceModelRunner(Model.Load(EmlmCompiler.Compile(graph).Bytes), "forest");
        SampleSet samples = SampleFile.Read(SharedData.File("float", "digits_forest", "x_test.npy"), runtime.Inputs[0], raw: false);

        SampleSet[] actual = compiled.RunAll([samples], null, TestContext.Current.CancellationToken);
        SampleSet[] expected = runtime.RunAll([samples], null, TestContext.Current.CancellationToken);

        VerificationReport report = Verification.Compare("forest", expected, actual, Tolerance.Exact);
        Assert.True(report.Ok, $"{report.Mismatches} mismatches, first {report.First}");
        using MeteredProgram program = MeteredProgram.Load([File.ReadAllBytes(SubsetBuilds.Runtime), .. SourceBuild.ForDevice(source.Assemblies)]);
        var meter = new ModelMeter(program, program.FindType($"{options.Namespace}.{options.ClassName}").GetMethod("Create")!.Invoke(null, null)!);
        InferenceCount random = meter.Measure();
        log.WriteLine($"layers: {string.Join(", ", source.Layers.Select((layer, i) => $"{layer.Operator} {layer.Variant} {random.Layers[i].Instructions}"))}; in all {random.Total.Instructions}");
        double instructions = Enumerable.Range(0, MeteredSamples).Average(i => (double)Count(meter, compiled.Model, (float[])samples.Sample(i)));
        log.WriteLine($"{samples.Count} samples; {instructions:F0} IL an inference");
        Assert.InRange(instructions, 1, InstructionsMax);
    }

    private static long Count(ModelMeter meter, Model model, float[] sample)
    {
        var interpreter = new Interpreter(model);
        interpreter.SetInput(0, sample);
        meter.SetInput(0, [.. interpreter.Arena.Skip(model.Input(0).ArenaOffset).Take(model.Input(0).ByteCount).Select(value => (byte)value)]);
        return meter.Measure().Total.Instructions;
    }
}
