using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Import;

namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>Single-operator cases of the shared data on the real interpreter.</summary>
public sealed class GoldenOperatorTests(ITestOutputHelper log)
{
    [Fact]
    public void Operators_give_the_bits_of_the_reference_kernels_on_the_interpreter()
    {
        Assert.SkipUnless(NanoTools.AreAvailable, NanoTools.Missing);
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        (GoldenCase Case, byte[] File)[] cases = [.. GoldenCase.All.GroupBy(item => item.Operator)
            .SelectMany(group => group.Select(item => (item, File: Compile(item))).Where(pair => pair.File is not null))
            .Select(pair => (pair.item, pair.File!))];

        IReadOnlyList<InterpreterRun> runs = InterpreterRun.Execute([.. cases.Select(pair => new Payload(pair.File, Interleave(pair.Case, pair.Case.InputFiles), pair.Case.CarriesState))]);

        for (int i = 0; i < cases.Length; i++)
        {
            Assert.True(runs[i].LoadError == 0 && runs[i].SelfTestError == 0, $"{cases[i].Case.Name}: load error {runs[i].LoadError}, self-test {runs[i].SelfTestError}");
            byte[] expected = Interleave(cases[i].Case, cases[i].Case.OutputFiles);
            Assert.True(expected.AsSpan().SequenceEqual(runs[i].Outputs.SelectMany(output => output).ToArray()), $"{cases[i].Case.Name} differs");
        }
        log.WriteLine($"{cases.Length} cases of {cases.Select(pair => pair.Case.Operator).Distinct().Count()} operators");
        Assert.True(cases.Length >= 560);
    }

    /// <summary>The device file of a case, or null where it is refused, or has float or transposed inputs or outputs, which the interpreter's program does not convert.</summary>
    private static byte[]? Compile(GoldenCase item)
    {
        try
        {
            byte[] file = EmlmCompiler.Compile(ModelLoader.Load(item.ModelPath)).Bytes;
            Model model = Model.Load(file);
            IEnumerable<TensorInfo> tensors = Enumerable.Range(0, model.InputCount).Select(model.Input).Concat(Enumerable.Range(0, model.OutputCount).Select(model.Output));
            return tensors.All(tensor => tensor.Edge == TensorEdge.None && IsInSourceOrder(tensor)) ? file : null;
        }
        catch (ToolchainException)
        {
            return null;
        }
    }

    private static bool IsInSourceOrder(TensorInfo tensor) => Enumerable.Range(0, tensor.SourceRank).All(axis => tensor.SourceAxis(axis) == axis);

    /// <summary>The files of all tensors, sample by sample.</summary>
    private static byte[] Interleave(GoldenCase item, IReadOnlyList<string> files)
    {
        byte[][][] samples = [.. files.Select(file => File.ReadAllBytes(SharedData.File("golden", "ops", item.Name, file))).Select(all => all.Chunk(all.Length / item.SampleCount).ToArray())];
        return [.. Enumerable.Range(0, item.SampleCount).SelectMany(sample => samples.SelectMany(tensor => tensor[sample]))];
    }
}
