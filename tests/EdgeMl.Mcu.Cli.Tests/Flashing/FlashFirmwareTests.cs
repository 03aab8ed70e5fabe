using System.Diagnostics;
using EdgeMl.Mcu.Bench.Serial;
using EdgeMl.Mcu.Bench.Tests.Serial;
using EdgeMl.Mcu.Bench.WireProtocol;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Cli.Tests.Flashing;

/// <summary><c>flash --clr</c> with a program named nanoff on PATH that notes its arguments.</summary>
public class FlashFirmwareTests
{
    [Theory]
    [InlineData("ESP32-S3", "ESP32_S3_QUAD", "--target ESP32_S3_QUAD --serialport PORT --update")]
    [InlineData("STM32F769I-DISCO", "ST_STM32F769I_DISCOVERY", "--target ST_STM32F769I_DISCOVERY --jtag --update")]
    [InlineData("PICO", "PICO_RP2040", "--target PICO_RP2040 --update")]
    [InlineData("ESP32-S3", "ESP32_S3_QUAD", "--target ESP32_S3_QUAD --serialport PORT --update --masserase", "--masserase")]
    public void The_tool_is_called_as_the_board_needs_it(string board, string target, string arguments, params string[] more)
    {
        using var tools = new TemporaryFolder();
        WriteTool(tools, "echo \"$@\" > \"$(dirname \"$0\")/arguments\"; echo progress");
        using var line = new PortPair();
        using var virtualBoard = new VirtualSerialBoard(SerialPort.Open(line.Second), target);

        CommandLineRun run = Start(tools.Path, ["flash", "--port", line.First, "--board", board, "--clr", .. more]);

        Assert.True(run.ExitCode == ExitCodes.Ok, run.Error);
        Assert.Equal(arguments.Replace("PORT", line.First, StringComparison.Ordinal), File.ReadAllText(tools.File("arguments")).Trim());
        Assert.Contains("progress", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("progress", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_tool_it_is_said_how_to_install_it()
    {
        using var tools = new TemporaryFolder();

        CommandLineRun run = Start(tools.Path, ["flash", "--port", "none", "--board", "ESP32", "--clr"]);

        run.ShouldFail(ExitCodes.Failed, "tool.missing");
        Assert.Contains("dotnet tool install --global nanoff", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tool_that_fails_is_told_with_its_arguments_below_its_own_words()
    {
        using var tools = new TemporaryFolder();
        WriteTool(tools, "echo 'no device in DFU mode' >&2; exit 5");

        CommandLineRun run = Start(tools.Path, ["flash", "--port", "none", "--board", "STM32F769I-DISCO", "--clr"]);

        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains("no device in DFU mode", run.Error, StringComparison.Ordinal);
        Assert.Contains("tool.failed: nanoff --target ST_STM32F769I_DISCOVERY --jtag --update ended with 5", run.Error, StringComparison.Ordinal);
    }

    private static void WriteTool(TemporaryFolder folder, string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the stand-in for nanoff is a shell script");
        string path = folder.File("nanoff");
        File.WriteAllText(path, $"#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static CommandLineRun Start(string path, string[] arguments)
    {
        string dotnet = Environment.ProcessPath is { } self && Path.GetFileNameWithoutExtension(self) == "dotnet" ? self : ExternalProgram.Need("dotnet", "dotnet-sdk-10.0");
        var start = new ProcessStartInfo(dotnet, [Path.Combine(AppContext.BaseDirectory, "edgeml.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = path;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandLineRun(process.ExitCode, output, error.Result);
    }
}
