namespace EdgeMl.Mcu.Cli.Tests;

public class UsageTests
{
    [Theory]
    [InlineData("There is no verb 'verfy'", "Did you mean 'verify'? See 'edgeml --help'.", "verfy", "x")]
    [InlineData("There is no option '--lables'", "Did you mean '--labels'? See 'edgeml eval --help'.", "eval", "m.emlm", "--lables", "y")]
    [InlineData("There is no argument 'b'", "See 'edgeml inspect --help'.", "inspect", "a", "b")]
    [InlineData("Required argument missing for command: 'inspect'", "See 'edgeml inspect --help'.", "inspect")]
    [InlineData("Option '--input' is required", "See 'edgeml run --help'.", "run", "m.emlm")]
    [InlineData("'accuracy' 'mse' 'auc'", "See 'edgeml eval --help'.", "eval", "m", "-i", "x", "-l", "y", "--metric", "f1")]
    [InlineData("Cannot parse argument 'q' for option '--atol'.", "See 'edgeml verify --help'.", "verify", "m", "-i", "x", "-e", "y", "--atol", "q")]
    [InlineData("A device model's name ends in .emlm", null, "convert", "m.tflite", "-o", "m.bin")]
    public void Wrong_use_exits_with_2_and_says_what_to_do(string message, string? hint, params string[] arguments)
    {
        CommandLineRun run = CommandLineRun.Of(arguments);
        run.ShouldFail(ExitCodes.Usage, "usage");
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        if (hint is not null)
            Assert.Contains(hint, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_verb_the_help_goes_to_standard_error()
    {
        CommandLineRun run = CommandLineRun.Of();
        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Contains("Commands:", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExitCodes.Usage, "usage", "verfy", "--json")]
    [InlineData(ExitCodes.Failed, "file.not-found", "inspect", "missing.emlm", "--json")]
    public void With_json_a_failure_is_one_document_on_standard_output(int exitCode, string code, params string[] arguments)
    {
        CommandLineRun run = CommandLineRun.Of(arguments);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Empty(run.Error);
        Assert.NotEmpty(run.Json.GetProperty("error").GetProperty("message").GetString()!);
        Assert.Equal(code, run.Json.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public void Version_is_one_line_or_one_document()
    {
        CommandLineRun text = CommandLineRun.Of("version");
        Assert.Equal((ExitCodes.Ok, ""), (text.ExitCode, text.Error));
        Assert.Matches(@"^\d+\.\d+\.\d+\S*\r?\n$", text.Output);
        Assert.Equal(text.Output.Trim(), CommandLineRun.Of("version", "--json").Json.GetProperty("version").GetString());
    }
}
