using System.Text.Json;
using EdgeMl.Mcu.Cli;

namespace EdgeMl.Mcu.Cli.Tests;

/// <summary>What a command line printed and returned.</summary>
internal sealed record CommandLineRun(int ExitCode, string Output, string Error)
{
    /// <summary>The one JSON document on standard output.</summary>
    public JsonElement Json
    {
        get
        {
            using JsonDocument document = JsonDocument.Parse(Output);
            return document.RootElement.Clone();
        }
    }

    /// <summary>Runs a command line in this process.</summary>
    public static CommandLineRun Of(params string[] arguments) => In(null, default, arguments);

    /// <summary>Runs a command line in this process, with a folder that may hold edgeml.json.</summary>
    public static CommandLineRun In(string? folder, CancellationToken cancellation, params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int exitCode = Application.Run(arguments, new Terminal
        {
            Output = output,
            Error = error,
            WorkingFolder = folder ?? Path.GetTempPath(),
            Cancellation = cancellation,
        });
        return new CommandLineRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Checks that the command line failed as failures look: one error line, perhaps a hint, no result and no stack trace.</summary>
    public void ShouldFail(int exitCode, string code)
    {
        Assert.Equal(exitCode, ExitCode);
        Assert.Empty(Output);
        string[] lines = Error.TrimEnd().Split('\n');
        Assert.InRange(lines.Length, 1, 2);
        Assert.StartsWith($"error {code}: ", lines[0], StringComparison.Ordinal);
        Assert.All(lines.Skip(1), line => Assert.StartsWith("hint: ", line, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
    }
}
