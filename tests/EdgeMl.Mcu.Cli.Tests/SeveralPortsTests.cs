using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Evaluate;

namespace EdgeMl.Mcu.Cli.Tests;

public class SeveralPortsTests
{
    [Fact]
    public void Inputs_are_given_in_order_or_by_name()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        string[] names = [.. ModelFile.Open(Case("model.tflite")).Graph!.Inputs.Select(input => input.Name)];
        ShouldVerify("-i", Case("input_0.bin"), "-i", Case("input_1.bin"));
        ShouldVerify("-i", $"{names[1]}={Case("input_1.bin")}", "-i", Case("input_0.bin"));
        ShouldVerify("-i", $"{names[1]}={Case("input_1.bin")}", "-i", $"{names[0]}={Case("input_0.bin")}");
    }

    [Fact]
    public void A_missing_or_a_second_file_for_an_input_is_wrong_use()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        Verify("-i", Case("input_0.bin")).ShouldFail(ExitCodes.Usage, "usage");
        Verify("-i", Case("input_0.bin"), "-i", Case("input_0.bin"), "-i", Case("input_0.bin")).ShouldFail(ExitCodes.Usage, "usage");
    }

    private static void ShouldVerify(params string[] inputs)
    {
        CommandLineRun run = Verify(inputs);
        Assert.True(run.ExitCode == ExitCodes.Ok, run.Output + run.Error);
    }

    private static CommandLineRun Verify(params string[] inputs) =>
        CommandLineRun.Of(["verify", Case("model.tflite"), .. inputs, "-e", Case("output.bin")]);

    private static string Case(string file) => SharedData.File("golden", "ops", "add_same", file);
}
