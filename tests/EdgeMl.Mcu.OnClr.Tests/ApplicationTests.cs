using System.Diagnostics;
using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Testing;
using Microsoft.CodeAnalysis;

namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>The parts of the device application that need no hardware on the real interpreter.</summary>
public sealed class ApplicationTests
{
    private const int Steps = 12;

    private static readonly string[] Folders = ["Configuration", "Energy", "Network"];
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Fact]
    public void Configuration_energy_policy_and_link_do_on_the_interpreter_what_they_do_on_the_host()
    {
        Assert.SkipUnless(NanoTools.AreAvailable, NanoTools.Missing);
        using var folder = new TemporaryFolder();
        var compiler = new DeviceCompiler(folder.Path);
        compiler.Compile("EdgeMl.Mcu.Runtime", DeviceCompiler.RuntimeSources());
        compiler.Compile("EdgeMl.Mcu.Agent", DeviceCompiler.AgentSources());
        string root = Repository.PathOf("firmware/EdgeMl.Mcu.Device");
        IEnumerable<string> sources = Folders.SelectMany(name => Directory.EnumerateFiles(Path.Combine(root, name), "*.cs")).Append(Path.Combine(root, "DeviceError.cs")).Order(StringComparer.Ordinal);
        compiler.Compile("EdgeMl.Mcu.Device", sources.Select(path => DeviceCompiler.Parse(File.ReadAllText(path))));
        compiler.Compile("Runner", [DeviceCompiler.DeviceSource("ApplicationRunner.cs")], OutputKind.ConsoleApplication);

        var start = new ProcessStartInfo(NanoTools.NanoClr, compiler.PortableExecutables) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NANOCLR_QUIET"] = "1";
        string output = ProcessResult.Run(start, Limit).Output;

        using MeteredProgram program = MeteredProgram.Load([.. compiler.PortableExecutables.Select(path => Path.GetFileNameWithoutExtension(path)).Where(name => name != "mscorlib").Select(compiler.Image)]);
        var line = program.Bind<Func<int, string>>("EdgeMl.Mcu.OnClr.ApplicationRunner", "Line");
        string[] lines = [.. Enumerable.Range(0, Steps).Select(line)];
        Assert.Equal([.. lines, "end"], output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        // Each kind of line says something: errors of value, checksum and length, a device that sleeps, and three connections.
        Assert.Equal([167, 167, 167, 163, 162], lines[3..8].Select(text => int.Parse(text.Split(' ')[3], null)));
        Assert.Contains("0-600", lines[8], StringComparison.Ordinal);
        Assert.Equal("link 1 sent received 2 sent received 3 sent received 3 3 1 1", lines[11]);
    }
}
