using System.Runtime.InteropServices;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Native.Tests;

/// <summary>Decision trees: sums of float32, which must have the same bits on every machine.</summary>
public sealed class TreeTests
{
    private const int Ensembles = 200;
    private const int RowsEach = 20;

    public static TheoryData<string> Drivers => GoldenOperatorTests.Drivers;

    [Theory]
    [MemberData(nameof(Drivers))]
    public void Random_ensembles_give_the_bits_of_the_managed_kernel(string name)
    {
        NativeDriver driver = NativeDriver.Named(name);
        Assert.SkipUnless(driver.IsAvailable, driver.Missing);
        NativeCase[] cases = [.. Enumerable.Range(0, Ensembles).Select(Case)];

        IReadOnlyList<NativeRun> runs = NativeRun.Execute(driver, cases);

        for (int i = 0; i < cases.Length; i++)
            Assert.True(runs[i].Error == Error.None && ManagedRun.Outputs(cases[i]).AsSpan().SequenceEqual(runs[i].Outputs), $"{cases[i].Name} differs");
    }

    private static NativeCase Case(int seed)
    {
        TreeEnsemble ensemble = RandomTrees.Create(seed);
        byte[] file = EmlmCompiler.Compile(RandomTrees.Graph(ensemble)).Bytes;
        var interpreter = new Interpreter(Model.Load(file));
        var inputs = new List<byte>();
        foreach (float[] row in RandomTrees.Rows(ensemble, RowsEach, seed))
        {
            interpreter.SetInput(0, row);
            inputs.AddRange(MemoryMarshal.AsBytes(interpreter.Arena.AsSpan(interpreter.Model.Input(0).ArenaOffset, interpreter.Model.Input(0).ByteCount)));
        }
        return new NativeCase($"trees {seed}", file, [.. inputs]);
    }
}
