using System.Diagnostics;
using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Testing;
using Microsoft.CodeAnalysis;

namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>Journal, slots and files on raw flash on the real interpreter.</summary>
public sealed class StorageTests(ITestOutputHelper log)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Fact]
    public void Updates_and_restarts_leave_on_the_interpreter_the_flash_that_they_leave_on_the_host()
    {
        Assert.SkipUnless(NanoTools.AreAvailable, NanoTools.Missing);
        using var folder = new TemporaryFolder();
        var compiler = new DeviceCompiler(folder.Path);
        compiler.Compile("EdgeMl.Mcu.Runtime", DeviceCompiler.RuntimeSources());
        compiler.Compile("EdgeMl.Mcu.Agent", DeviceCompiler.AgentSources());
        compiler.Compile("Runner", [DeviceCompiler.DeviceSource("StorageRunner.cs")], OutputKind.ConsoleApplication);

        var start = new ProcessStartInfo(NanoTools.NanoClr, compiler.PortableExecutables) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NANOCLR_QUIET"] = "1";
        string output = ProcessResult.Run(start, Limit).Output;

        using MeteredProgram program = MeteredProgram.Load([.. compiler.PortableExecutables.Select(path => Path.GetFileNameWithoutExtension(path)).Where(name => name != "mscorlib").Select(compiler.Image)]);
        var step = program.Bind<Func<int, uint>>("EdgeMl.Mcu.OnClr.StorageRunner", "Step");
        var lines = new List<string>();
        for (int i = 0; i < 12; i++)
        {
            uint checksum = 0;
            long instructions = program.Measure(() => checksum = step(i)).Instructions;
            log.WriteLine($"update {i}: {instructions:N0} IL");
            lines.Add($"flash {checksum}");
        }

        Assert.Equal([.. lines, "end"], output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(12, lines.Distinct().Count());
    }
}
