using System.Diagnostics;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit.CSharp;
using Microsoft.CodeAnalysis;

namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>One model on the real interpreter: its load error, its self-test (-1 where it did not load), and the outputs and times of all samples.</summary>
internal sealed record InterpreterRun(int LoadError, int SelfTestError, IReadOnlyList<byte[]> Outputs, IReadOnlyList<TimeSpan> Times)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Compiles runtime, runner, models and samples to PE files and runs them in one program.</summary>
    public static IReadOnlyList<InterpreterRun> Execute(params Payload[] payloads)
    {
        using var folder = new TemporaryFolder();
        var compiler = new DeviceCompiler(folder.Path);
        compiler.CompileRuntime();
        foreach (SourceAssembly assembly in payloads.Where(payload => payload.Code is not null).SelectMany(payload => payload.Code!.Value.Source.Assemblies.Reverse()))
            compiler.Compile(assembly.Name, assembly.Sources.Select(source => DeviceCompiler.Parse(source.Text)));
        SyntaxTree payload = PayloadSource.Compile(compiler, payloads);
        SyntaxTree runner = DeviceCompiler.DeviceSource("Runner.cs");
        compiler.Compile("Runner", [runner, payload], OutputKind.ConsoleApplication);
        var start = new ProcessStartInfo(NanoTools.NanoClr, compiler.PortableExecutables) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NANOCLR_CPUTIME"] = "1";
        string output = ProcessResult.Run(start, Limit).Output;
        List<InterpreterRun> runs = Parse(output);
        Assert.True(runs.Count == payloads.Length, $"The program did not come to its end on the interpreter:{Environment.NewLine}{output}");
        return runs;
    }

    /// <summary>The runs of a complete output; none where the last line is missing.</summary>
    private static List<InterpreterRun> Parse(string output)
    {
        var runs = new List<InterpreterRun>();
        List<byte[]> outputs = [];
        List<TimeSpan> times = [];
        bool ended = false;
        foreach (string[] line in output.Split('\n', StringSplitOptions.TrimEntries).Select(line => line.Split(' ')))
        {
            switch (line)
            {
                case ["model", _]:
                    (outputs, times) = ([], []);
                    runs.Add(new InterpreterRun(-1, -1, outputs, times));
                    break;
                case ["load", var error]:
                    runs[^1] = runs[^1] with { LoadError = int.Parse(error) };
                    break;
                case ["self-test", var error]:
                    runs[^1] = runs[^1] with { SelfTestError = int.Parse(error) };
                    break;
                case ["output", var hex]:
                    outputs.Add(Convert.FromHexString(hex));
                    break;
                case ["ticks", var ticks]:
                    times.Add(TimeSpan.FromTicks(long.Parse(ticks)));
                    break;
                case ["end"]:
                    ended = true;
                    break;
            }
        }
        return ended ? runs : [];
    }
}
