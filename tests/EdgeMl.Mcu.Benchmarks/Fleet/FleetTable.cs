using System.Diagnostics;
using EdgeMl.Mcu.Bench.Devices;
using EdgeMl.Mcu.Ota.Delta;
using EdgeMl.Mcu.Ota.Keys;
using EdgeMl.Mcu.Ota.Manifests;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;

namespace EdgeMl.Mcu.Benchmarks.Fleet;

/// <summary>Updates of a whole fleet at once over relay and embedded broker: time, failures, messages and memory.</summary>
internal static class FleetTable
{
    public static void Print(string[] arguments) => PrintAsync(new FleetArguments(2_000, 32 * 1024).With(arguments)).GetAwaiter().GetResult();

    private static async Task PrintAsync(FleetArguments arguments)
    {
        CompiledModel first = DenseModels.Compile(arguments.Bytes, 1), second = DenseModels.Compile(arguments.Bytes, 2);
        byte[] third = EmlmCompiler.Compile(Retraining.LastLayer(second.Graph, 1, 3)).Bytes;
        using var folder = new TemporaryFolder();
        PublisherKey key = PublisherKey.Create(new KeyPaths(folder.File("publisher"), folder.File("machine")), new DiskFiles());
        using FleetRelay relay = await FleetRelay.StartAsync();
        await relay.Client.SetPublisherKeyAsync(key.PublicKey);
        await using VirtualFleet fleet = await relay.StartDevicesAsync(arguments.Devices);

        Console.WriteLine(
            $"{"update",-18} {"file",7} {"sent",7} {"seconds",8} {"failures",8} {"repeats",8} {"chunks",7} {"sent",6} {"ratio",6} {"requests",9} {"statuses",9} {"orders",7} "
            + $"{"dropped",8} {"RSS MB",7} {"peak",6} {"heap",6} {"relay s",8} {"devices s",9}");
        await UpdateAsync(relay, fleet, key, "first model", "1", first.Bytes, first.Bytes.Length);
        await UpdateAsync(relay, fleet, key, "another model", "2", second.Bytes, Sent(first.Bytes, second.Bytes));
        await UpdateAsync(relay, fleet, key, "last layer anew", "3", third, Sent(second.Bytes, third));
    }

    private static async Task UpdateAsync(FleetRelay relay, VirtualFleet fleet, PublisherKey key, string name, string version, byte[] model, int sent)
    {
        byte[] manifest = key.Sign(ManifestContent.Of(model, "dense", version));
        ArtifactInfo artifact = await relay.Client.PublishAsync(manifest, new MemoryStream(model));
        int chunks = Chunks(manifest.Length) + Chunks(sent);
        RelayUsage before = await relay.UntilQuietAsync();
        TimeSpan processor = Process.GetCurrentProcess().TotalProcessorTime;

        long start = Stopwatch.GetTimestamp();
        RolloutInfo rollout = await relay.Client.CreateRolloutAsync(new RolloutRequest { Artifact = artifact.Id });
        await FleetRelay.UntilAsync(async () => (rollout = await relay.Client.RolloutAsync(rollout.Id)).State != RolloutState.Running);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        RelayUsage after = await relay.MeasureAsync();
        TimeSpan devices = Process.GetCurrentProcess().TotalProcessorTime - processor;
        int repeats = (await relay.Client.RolloutDevicesAsync(rollout.Id)).Sum(device => device.Orders - 1);
        byte[] id = Convert.FromHexString(artifact.Id);
        int failures = fleet.Devices.Count(device => !id.AsSpan().SequenceEqual(device.RunningId));
        long Counted(string metric) => after[metric] - before[metric];
        Console.WriteLine(
            $"{name,-18} {model.Length,7:N0} {sent,7:N0} {seconds,8:F1} {failures,8} {repeats,8} {chunks,7} {Counted("chunks_published_total"),6} {(double)Counted("chunks_published_total") / chunks,6:F2} "
            + $"{Counted("chunk_requests_total"),9:N0} {Counted("statuses_total"),9:N0} {Counted("desired_sent_total"),7:N0} {Counted("broker_messages_dropped_total"),8:N0} "
            + $"{after.ResidentBytes / 1e6,7:F0} {after.PeakBytes / 1e6,6:F0} {after.HeapBytes / 1e6,6:F0} {(after.Processor - before.Processor).TotalSeconds,8:F1} {devices.TotalSeconds,9:F1}");
        if (rollout.State != RolloutState.Completed)
            Console.WriteLine($"The rollout is {rollout.State}: {rollout.Reason} {rollout.Counts}");
    }

    // The relay sends the smaller of delta and model.
    private static int Sent(byte[] original, byte[] model) => Math.Min(model.Length, DeltaEncoder.Encode(original, model).Length);

    private static int Chunks(int length) => (length + ManifestContent.DefaultChunkSize - 1) / ManifestContent.DefaultChunkSize;
}
