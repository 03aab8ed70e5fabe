using System.Text.Json;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Cli.Tests;

public sealed class PageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_page_bounds_every_layers_weights_and_changes_no_output()
    {
        string whole = Quantize();
        string paged = Quantize("--page", "1000");
        Assert.True(PageBytes("--page", "1000") <= 1000);
        Assert.True(PageBytes() > 1000);
        string outputs = _folder.File("outputs.bin");
        CommandLineRun.Of("run", whole, "-i", Digits.File("x_test.npy"), "-o", outputs);
        Assert.Equal(ExitCodes.Ok, CommandLineRun.Of("verify", paged, "-i", Digits.File("x_test.npy"), "-e", outputs).ExitCode);
    }

    [Fact]
    public void A_page_smaller_than_one_output_channel_does_not_fit()
    {
        CommandLineRun run = CommandLineRun.Of(Arguments("small.emlm", "--page", "40"));
        run.ShouldFail(ExitCodes.Refused, "plan.does-not-fit");
        Assert.Contains(" 40.", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("small.emlm")));
    }

    [Theory]
    [InlineData("--page", "0")]
    [InlineData("--page", "-1")]
    [InlineData("--page", "4K")]
    [InlineData("--scratch", "-1")]
    [InlineData("--scratch", "many")]
    public void A_size_that_is_none_is_a_usage_error(string option, string value) =>
        CommandLineRun.Of(Arguments("x.emlm", option, value)).ShouldFail(ExitCodes.Usage, "usage");

    private string Quantize(params string[] more)
    {
        string name = $"{string.Concat(more)}.emlm";
        CommandLineRun run = CommandLineRun.Of(Arguments(name, more));
        Assert.True(run.ExitCode == ExitCodes.Ok, run.Error);
        return _folder.File(name);
    }

    /// <summary>What the verb reports for the same options.</summary>
    private int PageBytes(params string[] more)
    {
        using JsonDocument report = JsonDocument.Parse(CommandLineRun.Of(Arguments("report.emlm", [.. more, "--json"])).Output);
        return report.RootElement.GetProperty("pageBytes").GetInt32();
    }

    private string[] Arguments(string name, params string[] more) =>
        ["quantize", Digits.File("digits_mlp.onnx"), "-o", _folder.File(name), "-c", Digits.File("x_test.npy"), .. more];
}
