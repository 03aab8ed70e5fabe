using System.Diagnostics;
using Xunit;

namespace EdgeMl.Mcu.Testing;

/// <summary>What a program printed, and how it ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Standard output, and standard error after it.</param>
public sealed record ProcessResult(int ExitCode, string Output)
{
    /// <summary>Runs a program to its end; one that takes longer than the limit is killed and fails the test.</summary>
    public static ProcessResult Run(ProcessStartInfo start, TimeSpan limit)
    {
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} does not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{start.FileName} was still running after {limit.TotalSeconds} s.");
        }
        return new ProcessResult(process.ExitCode, output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult());
    }
}
