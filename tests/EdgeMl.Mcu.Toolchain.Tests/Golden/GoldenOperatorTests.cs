using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Evaluate;

namespace EdgeMl.Mcu.Toolchain.Tests.Golden;

/// <summary>Every single-operator case of the shared data, on the device runtime.</summary>
public sealed class GoldenOperatorTests(ITestOutputHelper log)
{
    /// <summary>Cases that are bit-exact; more is better, fewer is a regression.</summary>
    private const int ExactCases = 593;

    public static TheoryData<string> Operators() =>
        GoldenCase.All.Count == 0 ? ["(none)"] : [.. GoldenCase.All.Select(item => item.Operator).Distinct()];

    [Theory]
    [MemberData(nameof(Operators))]
    public void An_operator_gives_the_bits_of_the_reference_kernels_or_is_refused(string op)
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        foreach (GoldenCase item in GoldenCase.All.Where(item => item.Operator == op))
        {
            if (TryCreateRunner(item, out ModelRunner? runner, out string refusal))
                Assert.True(item.Mismatches(runner!) == 0, $"{item.Name}: {item.Mismatches(runner!)} elements differ.");
            else
                log.WriteLine($"{item.Name}: refused: {refusal}");
        }
    }

    [Fact]
    public void No_case_that_was_exact_is_refused()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        int exact = GoldenCase.All.Count(item => TryCreateRunner(item, out ModelRunner? runner, out _) && item.Mismatches(runner!) == 0);
        log.WriteLine($"{exact} of {GoldenCase.All.Count} cases are exact.");
        Assert.Equal(ExactCases, exact);
    }

    private static bool TryCreateRunner(GoldenCase item, out ModelRunner? runner, out string refusal)
    {
        try
        {
            runner = ModelFile.Open(item.ModelPath).CreateRunner();
            refusal = "";
            return true;
        }
        catch (ToolchainException exception) when (exception.Code is ErrorCodes.UnsupportedOperator or ErrorCodes.NotRunnable or ErrorCodes.FloatModel)
        {
            runner = null;
            refusal = exception.Message;
            return false;
        }
    }
}
