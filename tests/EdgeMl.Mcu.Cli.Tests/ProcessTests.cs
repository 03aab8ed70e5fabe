using System.Diagnostics;

namespace EdgeMl.Mcu.Cli.Tests;

public class ProcessTests
{
    [Fact]
    public void The_program_prints_its_version()
    {
        CommandLineRun run = Start("version");
        Assert.Equal((ExitCodes.Ok, ""), (run.ExitCode, run.Error));
        Assert.Equal(CommandLineRun.Of("version").Output, run.Output);
    }

    [Fact]
    public void Results_go_to_standard_output_and_nothing_else_does()
    {
        CommandLineRun run = Start("eval", Digits.File("digits_mlp.onnx"), "-i", Digits.File("x_test.npy"), "-l", Digits.File("y_test.npy"), "--json");
        Assert.Equal((ExitCodes.Ok, ""), (run.ExitCode, run.Error));
        Assert.Equal(450, run.Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public void Errors_go_to_standard_error_with_an_exit_code() => Start("inspect", "missing.onnx").ShouldFail(ExitCodes.Failed, "file.not-found");

    [Fact]
    public void Wrong_use_exits_with_2() => Start("inspcet", "x").ShouldFail(ExitCodes.Usage, "usage");

    private static CommandLineRun Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "edgeml.dll"));
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandLineRun(process.ExitCode, output, error.Result);
    }
}
