using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Emit.CSharp;
using EdgeMl.Mcu.Toolchain.Evaluate;

namespace EdgeMl.Mcu.CompiledCode.Tests;

/// <summary>Whole models as generated C#, built and run on the host.</summary>
public sealed class GoldenModelTests(ITestOutputHelper log)
{
    public static TheoryData<string> Models => [.. CompiledModels.Golden.DefaultIfEmpty("")];

    [Theory]
    [MemberData(nameof(Models))]
    public void Compiled_code_gives_the_bits_of_the_reference_kernels(string name)
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        var options = new CSharpOptions("Golden", CSharpNames.ClassOf(name), "edgeml compile");
        CompiledSource source = CSharpCompiler.Compile(CompiledModels.Get(name).Graph, options);

        Assert.All(source.Assemblies, assembly => Assert.InRange(assembly.CodeBytes, 1, ushort.MaxValue));
        Assert.All(source.Assemblies, assembly => Assert.InRange(assembly.DataBytes, 0, 65_000));
        log.WriteLine($"{source.Layers.Sum(layer => layer.WeightsLive)} weights, {source.Assemblies.Count} assemblies, {source.Layers.Count(layer => layer.Variant != "runtime")} of {source.Layers.Count} layers, predicted IL/MAC {(double)source.Layers.Sum(layer => layer.IlInstructions) / source.Layers.Sum(layer => layer.Macs):F2}");
        var runner = new DeviceModelRunner(SourceBuild.LoadOnHost((source, options))[0], name);
        Assert.Equal(Error.None, new Interpreter(runner.Model).SelfTest());
        foreach (string input in Directory.EnumerateFiles(SharedData.File("golden", name), "input_*.bin"))
        {
            SampleSet samples = SampleFile.Read(input, runner.Inputs[0], raw: true);
            SampleSet expected = SampleFile.Read(input.Replace("input_", "output_", StringComparison.Ordinal), runner.Outputs[0], raw: true);
            VerificationReport report = Verification.Compare(name, [expected], runner.RunAll([samples], null, TestContext.Current.CancellationToken), Tolerance.Exact);
            Assert.True(report.Ok, $"{Path.GetFileName(input)}: {report.Mismatches} mismatches, first {report.First}");
        }
    }
}
