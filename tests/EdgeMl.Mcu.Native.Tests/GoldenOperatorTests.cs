using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Import;

namespace EdgeMl.Mcu.Native.Tests;

/// <summary>Single-operator cases of the shared data: every operator and variant.</summary>
public sealed class GoldenOperatorTests(ITestOutputHelper log)
{
    public static TheoryData<string> Drivers => [NativeDriver.Host.Name, NativeDriver.Sanitized.Name, NativeDriver.CortexM4.Name];

    [Theory]
    [MemberData(nameof(Drivers))]
    public void Operators_give_the_bits_of_the_managed_kernels(string name)
    {
        NativeDriver driver = NativeDriver.Named(name);
        Assert.SkipUnless(driver.IsAvailable, driver.Missing);
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        (GoldenCase Case, byte[] File)[] cases = [.. GoldenCase.All.Select(item => (item, File: Compile(item))).Where(pair => pair.File is not null).Select(pair => (pair.item, pair.File!))];
        NativeCase[] inputs = [.. cases.Select(pair => Input(pair.Case, pair.File))];

        IReadOnlyList<NativeRun> runs = NativeRun.Execute(driver, inputs);

        for (int i = 0; i < runs.Count; i++)
        {
            Assert.True(runs[i].Error == Error.None && runs[i].SelfTest is Error.None or Error.NoSelfTest, $"{cases[i].Case.Name}: {runs[i].Error}, self-test {runs[i].SelfTest}");
            Assert.True(ManagedRun.Outputs(inputs[i]).AsSpan().SequenceEqual(runs[i].Outputs), $"{cases[i].Case.Name} differs");
        }
        log.WriteLine($"{cases.Length} cases of {cases.Select(pair => pair.Case.Operator).Distinct().Count()} operators");
        Assert.True(cases.Length >= 560);
    }

    private static byte[]? Compile(GoldenCase item)
    {
        try
        {
            return EmlmCompiler.Compile(ModelLoader.Load(item.ModelPath)).Bytes;
        }
        catch (ToolchainException)
        {
            return null;
        }
    }

    /// <summary>The case's own inputs where they are of the arena's type and order; otherwise random ones of as many bytes as the arena takes.</summary>
    private static NativeCase Input(GoldenCase item, byte[] file)
    {
        Model model = Model.Load(file);
        byte[][] files = [.. item.InputFiles.Select(path => File.ReadAllBytes(SharedData.File("golden", "ops", item.Name, path)))];
        int sampleBytes = ManagedRun.InputBytes(model);
        if (files.Sum(values => values.Length) != item.SampleCount * sampleBytes)
            return new NativeCase(item.Name, file, ManagedRun.RandomInputs(model, item.SampleCount, seed: 1), item.CarriesState);
        byte[][][] samples = [.. files.Select(values => values.Chunk(values.Length / item.SampleCount).ToArray())];
        return new NativeCase(item.Name, file, [.. Enumerable.Range(0, item.SampleCount).SelectMany(sample => samples.SelectMany(tensor => tensor[sample]))], item.CarriesState);
    }
}
