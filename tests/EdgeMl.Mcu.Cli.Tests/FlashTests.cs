using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Cli.Tests;

public class FlashTests
{
    [Fact]
    public void A_port_that_is_not_there_is_unreachable()
    {
        using var folder = new TemporaryFolder();
        string model = folder.File("digits.emlm");
        Assert.Equal(ExitCodes.Ok, CommandLineRun.Of("quantize", Digits.File("digits_mlp.onnx"), "-c", Digits.File("x_train.npy"), "--method", "minmax", "-o", model).ExitCode);

        CommandLineRun run = CommandLineRun.Of("flash", "--port", "no-such-port", "--model", model, "--json");

        Assert.Equal(ExitCodes.Unreachable, run.ExitCode);
        Assert.Contains("port.not-found", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_assemblies_is_refused_before_the_port_is_opened()
    {
        using var folder = new TemporaryFolder();

        CommandLineRun run = CommandLineRun.Of("flash", "--port", "no-such-port", "--app", folder.Path);

        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains(".pe", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_model_is_refused_before_the_port_is_opened()
    {
        using var folder = new TemporaryFolder();

        CommandLineRun run = CommandLineRun.Of("flash", "--port", "no-such-port", "--model", folder.Write("model.emlm", [1, 2, 3]), "--json");

        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains("emlm.", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is nothing to flash")]
    [InlineData("--clr needs --board", "--clr")]
    public void Nothing_to_do_is_wrong_use(string message, params string[] more)
    {
        CommandLineRun run = CommandLineRun.Of(["flash", "--port", "no-such-port", .. more]);

        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }
}
