using System.Diagnostics;
using System.IO.Compression;
using EdgeMl.Mcu.Testing;
using Microsoft.CodeAnalysis;

namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>The nanoFramework packages: their content, and a program on the real interpreter that is built against what they hold.</summary>
public sealed class PackageTests : IDisposable
{
    private static readonly string[] DeviceFiles = ["dll", "pdb", "pdbx", "pe", "xml"];
    private static readonly string[] HostFiles = ["dll", "pdb", "xml"];
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_program_built_against_the_packages_runs_on_the_interpreter()
    {
        Assert.SkipUnless(NanoTools.AreAvailable, NanoTools.Missing);
        var compiler = new DeviceCompiler(_folder.Path);
        foreach (string name in SubsetBuilds.RuntimeAssemblies)
        {
            ProcessResult packed = DotnetCommand.Pack($"firmware/{name}", _folder.Path, new Dictionary<string, string?>());
            Assert.True(packed.ExitCode == 0, packed.Output);
            using ZipArchive archive = ZipFile.OpenRead(Directory.GetFiles(_folder.Path, $"{name}.?.*.nupkg").Single());
            IEnumerable<string> host = name == SubsetBuilds.RuntimeAssemblies[0] ? HostFiles.Select(extension => $"lib/net10.0/{name}.{extension}") : ["lib/net10.0/_._"];
            Assert.Equal(
                [.. DeviceFiles.Select(extension => $"lib/netnano1.0/{name}.{extension}"), .. host],
                archive.Entries.Select(entry => entry.FullName).Where(path => path.StartsWith("lib/", StringComparison.Ordinal)).OrderByDescending(path => path.Contains("nano", StringComparison.Ordinal)).ThenBy(path => path, StringComparer.Ordinal));
            foreach (string extension in DeviceFiles)
                archive.GetEntry($"lib/netnano1.0/{name}.{extension}")!.ExtractToFile(_folder.File($"{name}.{extension}"));
            compiler.Add(name);
        }

        SyntaxTree payload = PayloadSource.Compile(compiler, [new Payload(CompiledModels.Get("digits_cnn").Bytes, [])]);
        SyntaxTree kernels = DeviceCompiler.Parse("namespace EdgeMl.Mcu.OnClr; internal static class Kernels { public static void Install() { EdgeMl.Mcu.Runtime.Packed.PackedKernels.Install(); EdgeMl.Mcu.Runtime.Typed.TypedKernels.Install(); } }");
        compiler.Compile("Runner", [DeviceCompiler.DeviceSource("KernelRunner.cs"), kernels, payload], OutputKind.ConsoleApplication);
        var start = new ProcessStartInfo(NanoTools.NanoClr, compiler.PortableExecutables) { RedirectStandardOutput = true, RedirectStandardError = true };
        string output = ProcessResult.Run(start, Limit).Output;

        Assert.Contains("self-test 0", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("EDGEML_METADATA_PROCESSOR", "EDGEML1")]
    [InlineData("EDGEML_NANO_LIBS", "EDGEML2")]
    [InlineData("NanoOutput", "EDGEML4", "-p:NanoOutput=bin/none/")]
    public void Packing_without_a_tool_or_a_file_says_what_is_missing(string variable, string code, params string[] properties)
    {
        var environment = new Dictionary<string, string?> { ["EDGEML_METADATA_PROCESSOR"] = "mdp", ["EDGEML_NANO_LIBS"] = _folder.Path, [variable] = null };

        ProcessResult packed = DotnetCommand.Pack("firmware/EdgeMl.Mcu.Runtime", _folder.Path, environment, properties);

        Assert.NotEqual(0, packed.ExitCode);
        Assert.Contains($"error {code}", packed.Output, StringComparison.Ordinal);
        Assert.Contains(code == "EDGEML4" ? "bin/none/EdgeMl.Mcu.Runtime.pe" : variable, packed.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.nupkg"));
    }
}
