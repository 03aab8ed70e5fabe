using System.Diagnostics;
using EdgeMl.Mcu.Testing;
using Microsoft.CodeAnalysis;

namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>Native kernels on an interpreter whose firmware has none.</summary>
public sealed class NativeFallbackTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public void Kernels_stay_managed_where_the_firmware_has_no_native_ones()
    {
        Assert.SkipUnless(NanoTools.AreAvailable, NanoTools.Missing);
        using var folder = new TemporaryFolder();
        var compiler = new DeviceCompiler(folder.Path);
        compiler.CompileRuntime();
        compiler.Compile("EdgeMl.Mcu.Runtime.Native", DeviceCompiler.SourcesOf("EdgeMl.Mcu.Runtime.Native"));
        SyntaxTree payload = PayloadSource.Compile(compiler, [.. CompiledModels.Digits.Select(model => new Payload(CompiledModels.Get(model).Bytes, []))]);
        compiler.Compile("Runner", [DeviceCompiler.DeviceSource("NativeRunner.cs"), payload], OutputKind.ConsoleApplication);

        var start = new ProcessStartInfo(NanoTools.NanoClr, compiler.PortableExecutables) { RedirectStandardOutput = true, RedirectStandardError = true };
        string output = ProcessResult.Run(start, Limit).Output;

        Assert.Equal(["kernels managed", .. CompiledModels.Digits.Select(_ => "self-test 0"), "end"], output.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.StartsWith("kernels ", StringComparison.Ordinal) || line.StartsWith("self-test ", StringComparison.Ordinal) || line == "end"));
    }
}
