using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Native.Tests;

/// <summary>The whole int8 models of the shared data.</summary>
public sealed class GoldenModelTests
{
    [Theory]
    [InlineData("random", false)]
    [InlineData("real", false)]
    [InlineData("random", true)]
    public void Models_give_the_bits_of_the_reference_kernels_on_the_host(string set, bool packed) => Check(NativeDriver.Host, set, packed, int.MaxValue);

    [Theory]
    [InlineData("random", false)]
    [InlineData("random", true)]
    public void Models_give_the_bits_of_the_reference_kernels_on_a_Cortex_M4(string set, bool packed) => Check(NativeDriver.CortexM4, set, packed, 1);

    private static void Check(NativeDriver driver, string set, bool packed, int samplesMax)
    {
        Assert.SkipUnless(driver.IsAvailable, driver.Missing);
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        GoldenSamples[] models = [.. CompiledModels.Golden.Select(name => packed ? GoldenSamples.Packed(name) : GoldenSamples.Plain(name))];
        (GoldenSamples Model, NativeCase Case)[] cases = [.. models.Select(model => (model, model.Case(set, samplesMax))).Where(pair => pair.Item2 is not null).Select(pair => (pair.model, pair.Item2!))];
        Assert.NotEmpty(cases);

        IReadOnlyList<NativeRun> runs = NativeRun.Execute(driver, [.. cases.Select(pair => pair.Case)]);

        for (int i = 0; i < runs.Count; i++)
        {
            Assert.True((runs[i].Error, runs[i].SelfTest) == (Error.None, Error.None), $"{cases[i].Case.Name}: {runs[i].Error}, self-test {runs[i].SelfTest}");
            cases[i].Model.Check(set, runs[i].Outputs);
        }
    }
}
