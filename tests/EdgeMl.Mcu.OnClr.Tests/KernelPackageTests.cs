using System.Diagnostics;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Inspect;
using Microsoft.CodeAnalysis;

namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>The runtime on the real interpreter with some of its optional kernels, or none.</summary>
public sealed class KernelPackageTests
{
    private const string Packed = "Packed";
    private const string Typed = "Typed";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("")]
    [InlineData(Packed)]
    [InlineData(Typed)]
    [InlineData($"{Packed} {Typed}")]
    public void A_model_runs_where_its_kernels_are_installed_and_is_refused_elsewhere(string installed)
    {
        Assert.SkipUnless(NanoTools.AreAvailable, NanoTools.Missing);
        byte[][] models =
        [
            EmlmCompiler.Compile(CompiledModels.Get("digits_cnn").Graph, new EmitOptions { ScratchBytes = 0 }).Bytes,
            CompiledModels.Get("digits_cnn").Bytes,
            EmlmCompiler.Compile(RandomTrees.Graph(RandomTrees.Create(1))).Bytes,
        ];
        string[] assemblies = [KernelAssemblies.Runtime, .. installed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => $"{KernelAssemblies.Runtime}.{name}")];
        Assert.Equal([[KernelAssemblies.Runtime], [KernelAssemblies.Runtime, KernelAssemblies.Packed], [KernelAssemblies.Runtime, KernelAssemblies.Typed]], models.Select(KernelAssemblies.NeededBy));

        string[] lines = Run(assemblies, models);

        Assert.Equal(
            [
                .. models.SelectMany(model => KernelAssemblies.NeededBy(model).Except(assemblies).Any() ? new[] { $"load {(int)Error.UnknownKernel}" } : ["load 0", "self-test 0"]),
                "end",
            ],
            lines);
    }

    private static string[] Run(string[] assemblies, byte[][] models)
    {
        using var folder = new TemporaryFolder();
        var compiler = new DeviceCompiler(folder.Path);
        foreach (string assembly in assemblies)
            compiler.Compile(assembly, DeviceCompiler.SourcesOf(assembly));
        SyntaxTree payload = PayloadSource.Compile(compiler, [.. models.Select(model => new Payload(model, []))]);
        string calls = string.Concat(assemblies.Skip(1).Select(assembly => $"{assembly}.{assembly.Split('.')[^1]}Kernels.Install(); "));
        SyntaxTree kernels = DeviceCompiler.Parse($"namespace EdgeMl.Mcu.OnClr; internal static class Kernels {{ public static void Install() {{ {calls}}} }}");
        compiler.Compile("Runner", [DeviceCompiler.DeviceSource("KernelRunner.cs"), kernels, payload], OutputKind.ConsoleApplication);
        var start = new ProcessStartInfo(NanoTools.NanoClr, compiler.PortableExecutables) { RedirectStandardOutput = true, RedirectStandardError = true };
        string output = ProcessResult.Run(start, Limit).Output;
        return [.. output.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.StartsWith("load ", StringComparison.Ordinal) || line.StartsWith("self-test ", StringComparison.Ordinal) || line == "end")];
    }
}
