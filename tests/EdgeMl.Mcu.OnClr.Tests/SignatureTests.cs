using System.Diagnostics;
using EdgeMl.Mcu.Testing;
using Microsoft.CodeAnalysis;

namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>What is compiled against the repository's signatures, beside the real assemblies.</summary>
public sealed class SignatureTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    // Those first that others refer to.
    private static readonly string[] DeviceProjects =
    [
        "EdgeMl.Mcu.Runtime", "EdgeMl.Mcu.Runtime.Packed", "EdgeMl.Mcu.Runtime.Typed", "EdgeMl.Mcu.Runtime.Native", "EdgeMl.Mcu.Agent", "EdgeMl.Mcu.Link", "EdgeMl.Mcu.Device",
        "samples/Minimal", "samples/Gesture", "samples/VibrationAnomaly",
    ];

    [Fact]
    public void A_program_compiled_against_the_signatures_runs_with_the_real_libraries()
    {
        string[] libraries = ["nanoFramework.Runtime.Native", "System.Math", "System.Threading", "nanoFramework.System.Text", "System.IO.Streams", "nanoFramework.M2Mqtt.Core"];
        Assert.SkipUnless(NanoTools.AreAvailable, NanoTools.Missing);
        SkipWithout(libraries);
        using var folder = new TemporaryFolder();
        var compiler = new DeviceCompiler(folder.Path, libraries) { AgainstSignatures = true };
        compiler.Compile("LibraryRunner", [DeviceCompiler.DeviceSource("LibraryRunner.cs")], OutputKind.ConsoleApplication);

        var start = new ProcessStartInfo(NanoTools.NanoClr, compiler.PortableExecutables) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NANOCLR_QUIET"] = "1";
        string output = ProcessResult.Run(start, Limit).Output;

        Assert.Equal(
            ["sqrt 42", "cancelled True", "message a/b 3 1 True", "stream 3 9", "free True", "version 1", "end"],
            output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void The_subset_builds_pass_the_metadata_processor_with_the_real_libraries()
    {
        string[] libraries = [.. SubsetBuilds.NanoReferenceNames.Where(name => name != "mscorlib")];
        Assert.SkipUnless(NanoTools.AreAvailable, NanoTools.Missing);
        SkipWithout(libraries);
        using var folder = new TemporaryFolder();
        var compiler = new DeviceCompiler(folder.Path, libraries);

        foreach (string project in DeviceProjects)
        {
            compiler.Take(SubsetBuilds.PathOf(project, project.Replace("samples/", "EdgeMl.Mcu.Samples.", StringComparison.Ordinal)));
        }

        Assert.All(compiler.PortableExecutables, path => Assert.True(new FileInfo(path).Length > 0, path));
    }

    private static void SkipWithout(IEnumerable<string> libraries)
    {
        string[] missing = [.. libraries.Where(name => !File.Exists(NanoTools.Library(name + ".dll")) || !File.Exists(NanoTools.Library(name + ".pe")))];
        Assert.SkipUnless(missing.Length == 0, $"The folder that {NanoTools.LibrariesVariable} names lacks {string.Join(", ", missing)}.");
    }
}
