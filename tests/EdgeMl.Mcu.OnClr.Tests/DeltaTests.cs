using System.Diagnostics;
using EdgeMl.Mcu.Agent.Delta;
using EdgeMl.Mcu.Ota.Delta;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Graph;
using Microsoft.CodeAnalysis;

namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>The delta decoder on the real interpreter.</summary>
public sealed class DeltaTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public void Deltas_give_on_the_interpreter_the_files_that_they_were_made_for()
    {
        Assert.SkipUnless(NanoTools.AreAvailable, NanoTools.Missing);
        ModelGraph graph = CompiledModels.Get("digits_cnn").Graph;
        byte[] original = EmlmCompiler.Compile(graph).Bytes;
        byte[] noise = new byte[3000];
        new Random(1).NextBytes(noise);
        byte[][] targets =
        [
            original,
            EmlmCompiler.Compile(Retraining.LastLayer(graph, deviation: 3, seed: 1)).Bytes,
            EmlmCompiler.Compile(Sparsity.Prune(graph, 0.5)).Bytes,
            [.. original[2000..], .. noise[..100], .. original[..2500]],
            noise,
            [],
        ];
        byte[][] deltas = [.. targets.Select(target => DeltaEncoder.Encode(original, target))];
        byte[] damaged = [.. deltas[1]];
        damaged[40] ^= 1;
        string[] expected = [.. targets.Select(target => $"delta 0 {target.Length} {(int)Crc32.Compute(target, 0, target.Length)}"), $"delta {(int)DeltaError.Checksum} 0 0"];

        Assert.Equal([.. expected, "end"], Run([.. deltas.Append(damaged).Select(delta => new Payload(original, delta))]));
    }

    private static string[] Run(Payload[] payloads)
    {
        using var folder = new TemporaryFolder();
        var compiler = new DeviceCompiler(folder.Path);
        compiler.Compile("EdgeMl.Mcu.Runtime", DeviceCompiler.RuntimeSources());
        compiler.Compile("EdgeMl.Mcu.Agent", DeviceCompiler.AgentSources());
        SyntaxTree payload = PayloadSource.Compile(compiler, payloads);
        compiler.Compile("Runner", [DeviceCompiler.DeviceSource("DeltaRunner.cs"), payload], OutputKind.ConsoleApplication);
        var start = new ProcessStartInfo(NanoTools.NanoClr, compiler.PortableExecutables) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NANOCLR_QUIET"] = "1";
        ProcessResult result = ProcessResult.Run(start, Limit);
        Assert.True(result.ExitCode == 0, result.Output);
        return result.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }
}
