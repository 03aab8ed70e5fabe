using System.ComponentModel;
using System.Diagnostics;

namespace EdgeMl.Mcu.Bench.Flashing;

/// <summary>Puts nanoFramework firmware on a board with the public tool <c>nanoff</c>.</summary>
public static class ClrImage
{
    private const string Tool = "nanoff";

    /// <summary>The tool's arguments.</summary>
    /// <param name="target">nanoFramework target.</param>
    /// <param name="port">Serial port.</param>
    /// <param name="boardInterface"><c>serial</c>, <c>jtag</c>, <c>dfu</c> or <c>drive</c>, as the board's descriptor has it.</param>
    /// <param name="massErase">Whether all flash is erased first, files and configuration included.</param>
    public static IReadOnlyList<string> Arguments(string target, string port, string boardInterface, bool massErase)
    {
        string[] way = boardInterface switch
        {
            "serial" => ["--serialport", port],
            "jtag" => ["--jtag"],
            "dfu" => ["--dfu"],
            "drive" => [],
            _ => throw new ArgumentException($"There is no interface '{boardInterface}'.", nameof(boardInterface)),
        };
        return ["--target", target, .. way, "--update", .. massErase ? new[] { "--masserase" } : []];
    }

    /// <summary>Runs the tool; what it prints goes to this process's standard error.</summary>
    /// <param name="arguments">Those of <see cref="Arguments"/>.</param>
    /// <param name="output">Takes the tool's lines.</param>
    /// <param name="cancellationToken">Kills the tool, which may leave the board without firmware.</param>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.ToolMissing"/> or <see cref="BenchErrorCodes.ToolFailed"/>.</exception>
    public static void Flash(IReadOnlyList<string> arguments, Action<string> output, CancellationToken cancellationToken)
    {
        using Process process = Start(new ProcessStartInfo(Tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text)
                output(text);
        };
        process.BeginErrorReadLine();
        using CancellationTokenRegistration killed = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
        while (process.StandardOutput.ReadLine() is string line)
            output(line);
        process.WaitForExit();
        cancellationToken.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
            throw new BenchException(BenchErrorCodes.ToolFailed, $"{Tool} {string.Join(' ', arguments)} ended with {process.ExitCode}.", "Its own messages are above. Some boards must be held in their loader: keep BOOT pressed while it connects.");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new BenchException(BenchErrorCodes.ToolMissing, $"The tool {Tool} is not installed, or not on PATH.", $"dotnet tool install --global {Tool}", e);
        }
    }
}
