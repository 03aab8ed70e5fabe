using System.Diagnostics;
using System.Security.Cryptography;
using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Updates;
using EdgeMl.Mcu.Ota.Lms;
using EdgeMl.Mcu.Ota.Manifests;
using EdgeMl.Mcu.Testing;
using Microsoft.CodeAnalysis;

namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>The heap that an update takes on the real interpreter.</summary>
public sealed class UpdateHeapTests(ITestOutputHelper log)
{
    private const string HeapLibrary = "nanoFramework.Runtime.Native";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <param name="inboxBytes">The agent's setting: room for four chunks of 1 KiB, or for one.</param>
    /// <param name="orderHashBytes">The agent's setting.</param>
    /// <param name="bytesMax">Most live managed bytes, beside the slots and the model that runs.</param>
    [Theory]
    [InlineData(4_096, 768, 21 * 1024)]
    [InlineData(1_100, 64, 17 * 1024)]
    public void An_update_keeps_within_its_heap_from_the_first_message_to_the_confirmed_model(int inboxBytes, int orderHashBytes, long bytesMax)
    {
        Assert.SkipUnless(NanoTools.AreAvailable, NanoTools.Missing);
        Assert.SkipUnless(File.Exists(NanoTools.Library(HeapLibrary + ".pe")), $"{NanoTools.LibrariesVariable} has no {HeapLibrary}.");
        byte[] model = CompiledModels.Get("digits_mlp").Bytes;
        LmsPrivateKey key = LmsPrivateKey.Derive(LmsParameters.Product, new byte[16], new byte[24]);
        byte[] manifest = ManifestBuilder.Build(ManifestContent.Of(model, "digits", "1.0.0"), message => key.HssSign(0, message, new byte[24]));
        using var folder = new TemporaryFolder();
        var compiler = new DeviceCompiler(folder.Path, HeapLibrary);
        compiler.Compile("EdgeMl.Mcu.Runtime", DeviceCompiler.RuntimeSources());
        compiler.Compile("EdgeMl.Mcu.Agent", DeviceCompiler.AgentSources());
        byte[] id = SHA256.HashData(manifest);
        byte[] messageKey = DeviceKeys.Derive(new byte[DeviceKeys.KeyBytes], DeviceKeys.MessageLabel);
        SyntaxTree payload = PayloadSource.Compile(compiler, [new Payload(manifest, model), new Payload(key.HssPublicKey(), Order(id, manifest)), new Payload(messageKey, id), new Payload([(byte)inboxBytes, (byte)(inboxBytes >> 8), (byte)orderHashBytes, (byte)(orderHashBytes >> 8)], [])]);
        compiler.Compile("Runner", [.. new[] { "UpdateHeapRunner.cs", "UpdateHeap.cs", "UpdatePorts.cs" }.Select(DeviceCompiler.DeviceSource), payload], OutputKind.ConsoleApplication);

        var start = new ProcessStartInfo(NanoTools.NanoClr, compiler.PortableExecutables) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NANOCLR_QUIET"] = "1";
        ProcessResult result = ProcessResult.Run(start, Limit);

        string[] lines = result.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length == 4 && lines[3] == "end", result.Output);
        Assert.Equal($"state {(int)UpdateState.Confirmed} 0", lines[1]);
        long[] heap = Array.ConvertAll(lines[2].Split(' ')[1..], long.Parse);
        log.WriteLine($"{lines[0]}; model {model.Length} bytes, in RAM {heap[0]}; agent {heap[1]}, download {heap[2]}, trial {heap[3]}, after {heap[4]}; without the model {heap[3] - heap[0]} and {heap[4] - heap[0]}");
        Assert.InRange(heap[2], heap[1], bytesMax);
        Assert.InRange(heap[3] - heap[0], 1, bytesMax);
    }

    /// <summary>An order for the manifest, behind its challenge: time, attempt and blob.</summary>
    private static byte[] Order(byte[] id, byte[] manifest)
    {
        const int ChunkBytes = ManifestContent.DefaultChunkSize;
        byte[] hashes = [.. manifest.Chunk(ChunkBytes).SelectMany(chunk => SHA256.HashData(chunk).Take(16))];
        byte[] buffer = new byte[1000];
        var writer = new CborWriter();
        writer.Reset(buffer, 0, buffer.Length);
        writer.WriteInteger(3);
        writer.WriteInteger(1_800_000_000);
        writer.WriteInteger(4);
        writer.WriteInteger(1);
        writer.WriteInteger(5);
        writer.WriteMap(4);
        writer.WriteInteger(0);
        writer.WriteBytes(id, 0, id.Length);
        writer.WriteInteger(1);
        writer.WriteInteger(manifest.Length);
        writer.WriteInteger(2);
        writer.WriteInteger(ChunkBytes);
        writer.WriteInteger(3);
        writer.WriteBytes(hashes, 0, hashes.Length);
        return buffer[..writer.Length];
    }
}
