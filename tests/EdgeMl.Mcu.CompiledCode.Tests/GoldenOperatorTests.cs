using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit.CSharp;
using EdgeMl.Mcu.Toolchain.Evaluate;

namespace EdgeMl.Mcu.CompiledCode.Tests;

/// <summary>Single-operator cases of the shared data as generated C#, all in one build.</summary>
public sealed class GoldenOperatorTests(ITestOutputHelper log)
{
    [Fact]
    public void Linear_operators_give_the_bits_of_the_reference_kernels()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        var cases = new List<(GoldenCase Case, CompiledSource Source, CSharpOptions Options)>();
        foreach (GoldenCase item in GoldenCase.All)
        {
            ModelFile file = ModelFile.Open(item.ModelPath);
            if (!file.IsQuantized)
                continue;
            var options = new CSharpOptions("Golden.Operators", $"Case{cases.Count}", "edgeml compile");
            CompiledSource source = CSharpCompiler.Compile(file.Graph!, options);
            if (source.Layers.Any(layer => layer.Variant != "runtime"))
                cases.Add((item, source, options));
        }

        Model[] models = SourceBuild.LoadOnHost([.. cases.Select(item => (item.Source, item.Options))]);

        for (int i = 0; i < cases.Count; i++)
            Assert.True(cases[i].Case.Mismatches(new DeviceModelRunner(models[i], cases[i].Case.Name)) == 0, $"{cases[i].Case.Name} differs.");
        foreach (var variant in cases.SelectMany(item => item.Source.Layers).GroupBy(layer => $"{layer.Operator} {layer.Variant}"))
            log.WriteLine($"{variant.Key}: {variant.Count()} layers");
        Assert.True(cases.Count >= 85, $"Only {cases.Count} cases have generated layers.");
    }
}
