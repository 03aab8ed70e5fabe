using System.Diagnostics;
using EdgeMl.Mcu.Testing;
using Microsoft.CodeAnalysis;

namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>One model on the real interpreter: its load error, self-test, and the outputs and times of all samples.</summary>
internal sealed record InterpreterRun(int LoadError, int SelfTestError, IReadOnlyList<byte[]> Outputs, IReadOnlyList<TimeSpan> Times)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Compiles runtime, runner, model and samples to PE files and runs them.</summary>
    /// <param name="model">An .emlm file with one input and one output.</param>
    /// <param name="samples">int8 inputs in the device's order, one after another.</param>
    public static InterpreterRun Execute(byte[] model, ReadOnlySpan<byte> samples)
    {
        using var folder = new TemporaryFolder();
        var compiler = new DeviceCompiler(folder.Path);
        compiler.Compile("EdgeMl.Mcu.Runtime", DeviceCompiler.RuntimeSources());
        SyntaxTree payload = PayloadSource.Class(PayloadSource.Compile(compiler, "Model", model), PayloadSource.Compile(compiler, "Samples", samples));
        SyntaxTree runner = DeviceCompiler.Parse(File.ReadAllText(Repository.PathOf("tests/EdgeMl.Mcu.OnClr.Tests/Device/Runner.cs")));
        compiler.Compile("Runner", [runner, payload], OutputKind.ConsoleApplication);
        var start = new ProcessStartInfo(NanoTools.NanoClr, compiler.PortableExecutables) { RedirectStandardOutput = true, RedirectStandardError = true };
        return Parse(ProcessResult.Run(start, Limit).Output);
    }

    private static InterpreterRun Parse(string output)
    {
        List<string[]> lines = [.. output.Split('\n', StringSplitOptions.TrimEntries).Select(line => line.Split(' '))];
        Assert.True(lines.Exists(line => line[0] == "end"), $"The program did not come to its end on the interpreter:{Environment.NewLine}{output}");
        IEnumerable<string> All(string word) => lines.Where(line => line[0] == word && line.Length == 2).Select(line => line[1]);
        return new InterpreterRun(
            int.Parse(All("load").Single()),
            All("self-test").Select(int.Parse).DefaultIfEmpty(-1).Single(),
            [.. All("output").Select(Convert.FromHexString)],
            [.. All("ticks").Select(ticks => TimeSpan.FromTicks(long.Parse(ticks)))]);
    }
}
