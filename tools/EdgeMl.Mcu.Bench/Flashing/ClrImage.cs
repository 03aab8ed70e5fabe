using System.ComponentModel;
using System.Diagnostics;

namespace EdgeMl.Mcu.Bench.Flashing;

/// <summary>Puts nanoFramework firmware on a board with the public tool <c>nanoff</c>.</summary>
public static class ClrImage
{
    private const string Tool = "nanoff";

    /// <summary>Runs the tool; what it prints goes to this process's standard error.</summary>
    /// <param name="target">nanoFramework target.</param>
    /// <param name="port">Serial port.</param>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.ToolMissing"/> or <see cref="BenchErrorCodes.ToolFailed"/>.</exception>
    public static void Flash(string target, string port)
    {
        var start = new ProcessStartInfo(Tool, ["--target", target, "--serialport", port, "--update"]) { RedirectStandardOutput = true };
        using Process process = Start(start);
        while (process.StandardOutput.ReadLine() is string line)
            Console.Error.WriteLine(line);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new BenchException(BenchErrorCodes.ToolFailed, $"{Tool} ended with {process.ExitCode} for {target} on {port}.", "Its own messages are above. Some boards must be held in their loader: keep BOOT pressed while it connects.");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new BenchException(BenchErrorCodes.ToolMissing, $"The tool {Tool} is not installed.", $"dotnet tool install --global {Tool}", e);
        }
    }
}
