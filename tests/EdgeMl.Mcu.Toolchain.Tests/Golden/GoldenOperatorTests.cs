using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Evaluate;

namespace EdgeMl.Mcu.Toolchain.Tests.Golden;

/// <summary>Every single-operator case of the shared data, on the device runtime.</summary>
public sealed class GoldenOperatorTests(ITestOutputHelper log)
{
    public static TheoryData<string> Operators() =>
        GoldenCase.All.Count == 0 ? ["(none)"] : [.. GoldenCase.All.Select(item => item.Operator).Distinct()];

    [Theory]
    [MemberData(nameof(Operators))]
    public void An_operator_gives_the_bits_of_the_reference_kernels(string op)
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        GoldenCase[] cases = [.. GoldenCase.All.Where(item => item.Operator == op)];
        foreach (GoldenCase item in cases)
            Assert.True(item.Mismatches(ModelFile.Open(item.ModelPath).CreateRunner()) == 0, $"{item.Name} differs.");
        log.WriteLine($"{cases.Length} cases");
    }
}
