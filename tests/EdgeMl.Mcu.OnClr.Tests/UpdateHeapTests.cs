using System.Diagnostics;
using System.Security.Cryptography;
using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Updates;
using EdgeMl.Mcu.Ota.Delta;
using EdgeMl.Mcu.Ota.Lms;
using EdgeMl.Mcu.Ota.Manifests;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Graph;
using Microsoft.CodeAnalysis;

namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>The heap that an update takes on the real interpreter.</summary>
public sealed class UpdateHeapTests(ITestOutputHelper log)
{
    private const string HeapLibrary = "nanoFramework.Runtime.Native";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Most live managed bytes, beside the slots and the model that runs; what the interpreter takes for calls is in the same heap.</summary>
    private const long BytesMax = 12 * 1024;

    /// <summary>The same while a delta is fetched, opened and applied: the decoder has a state for each of its 395 contexts.</summary>
    private const long DeltaBytesMax = 14 * 1024;

    [Fact]
    public void Updates_with_and_without_a_delta_keep_within_their_heap_from_the_first_message_to_the_confirmed_model()
    {
        Assert.SkipUnless(NanoTools.AreAvailable, NanoTools.Missing);
        Assert.SkipUnless(File.Exists(NanoTools.Library(HeapLibrary + ".pe")), $"{NanoTools.LibrariesVariable} has no {HeapLibrary}.");
        ModelGraph graph = CompiledModels.Get("digits_mlp").Graph;
        byte[] first = EmlmCompiler.Compile(graph).Bytes;
        byte[] second = EmlmCompiler.Compile(Retraining.LastLayer(graph, deviation: 3, seed: 1)).Bytes;
        Assert.Equal(first.Length, second.Length);

        ILookup<string, long[]> lines = Run(first, second, DeltaEncoder.Encode(first, second));

        Assert.Equal([0], lines["boot"].Single());
        foreach (int update in (int[])[1, 2])
            Assert.Equal([(int)UpdateState.Confirmed, 0], lines[$"{update} state"].Single());
        Assert.NotEmpty(lines[$"2 peak {(int)UpdateState.ApplyingDelta}"]);
        long loaded = lines["loaded"].Single()[0];
        foreach (IGrouping<string, long[]> line in lines.Where(line => line.Key.Contains("peak", StringComparison.Ordinal)))
        {
            // A model is in RAM from the first trial on.
            bool hasModel = line.Key.StartsWith('2') || line.Key.EndsWith($"{(int)UpdateState.Trial}", StringComparison.Ordinal);
            long peak = line.Max(numbers => numbers[0]) - (hasModel ? loaded : 0);
            log.WriteLine($"{line.Key}: {peak}");
            bool isDelta = line.Key is "2 peak 2" or "2 peak 3";
            Assert.InRange(peak, lines["built"].Single()[0], isDelta ? DeltaBytesMax : BytesMax);
        }
    }

    /// <summary>Runs both updates on the interpreter.</summary>
    /// <returns>The numbers that it prints, by what they are.</returns>
    private ILookup<string, long[]> Run(byte[] first, byte[] second, byte[] delta)
    {
        LmsPrivateKey key = LmsPrivateKey.Derive(LmsParameters.Product, new byte[16], new byte[24]);
        byte[][] manifests = [.. new[] { first, second }.Select((model, i) => ManifestBuilder.Build(ManifestContent.Of(model, "digits", $"1.{i}"), message => key.HssSign(i, message, new byte[24])))];
        Payload Blob(byte[] bytes) => new(bytes, SHA256.HashData(bytes));
        using var folder = new TemporaryFolder();
        var compiler = new DeviceCompiler(folder.Path, HeapLibrary);
        compiler.CompileRuntime();
        compiler.Compile("EdgeMl.Mcu.Agent", DeviceCompiler.AgentSources());
        SyntaxTree payload = PayloadSource.Compile(compiler,
        [
            new Payload(key.HssPublicKey(), DeviceKeys.Derive(new byte[DeviceKeys.KeyBytes], DeviceKeys.MessageLabel)),
            Blob(manifests[0]), Blob(first), Blob([]), new Payload(Order(1, manifests[0], null), []),
            Blob(manifests[1]), Blob(second), Blob(delta), new Payload(Order(2, manifests[1], (manifests[0], delta)), []),
        ]);
        compiler.Compile("Runner", [.. new[] { "UpdateHeapRunner.cs", "UpdateHeap.cs", "UpdatePorts.cs" }.Select(DeviceCompiler.DeviceSource), payload], OutputKind.ConsoleApplication);
        var start = new ProcessStartInfo(NanoTools.NanoClr, compiler.PortableExecutables) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NANOCLR_QUIET"] = "1";
        ProcessResult result = ProcessResult.Run(start, Limit);
        log.WriteLine(result.Output);
        string[] lines = result.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("end", lines[^1]);
        return lines[..^1].Select(line => line.Split(": ")).ToLookup(line => line[0], line => Array.ConvertAll(line[1].Split(' '), long.Parse));
    }

    /// <summary>An order, behind its challenge: time, attempt, manifest, delta.</summary>
    private static byte[] Order(int attempt, byte[] manifest, (byte[] Base, byte[] Blob)? delta)
    {
        byte[] buffer = new byte[1000];
        var writer = new CborWriter();
        writer.Reset(buffer, 0, buffer.Length);
        writer.WriteInteger(3);
        writer.WriteInteger(1_800_000_000);
        writer.WriteInteger(4);
        writer.WriteInteger(attempt);
        writer.WriteInteger(5);
        WriteBlob(writer, manifest);
        if (delta is { } difference)
        {
            writer.WriteInteger(6);
            writer.WriteMap(2);
            writer.WriteInteger(0);
            writer.WriteBytes(SHA256.HashData(difference.Base), 0, 32);
            writer.WriteInteger(1);
            WriteBlob(writer, difference.Blob);
        }
        return buffer[..writer.Length];
    }

    private static void WriteBlob(CborWriter writer, byte[] blob)
    {
        const int ChunkBytes = ManifestContent.DefaultChunkSize;
        byte[] hashes = [.. blob.Chunk(ChunkBytes).SelectMany(chunk => SHA256.HashData(chunk).Take(16))];
        writer.WriteMap(4);
        writer.WriteInteger(0);
        writer.WriteBytes(SHA256.HashData(blob), 0, 32);
        writer.WriteInteger(1);
        writer.WriteInteger(blob.Length);
        writer.WriteInteger(2);
        writer.WriteInteger(ChunkBytes);
        writer.WriteInteger(3);
        writer.WriteBytes(hashes, 0, hashes.Length);
    }
}
