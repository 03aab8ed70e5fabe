using EdgeMl.Mcu.Bench.Devices;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Tests.Support;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Relay.Tests.EndToEnd;

public class WholeFleetTests
{
    private const int Devices = 300;
    private const int ModelBytes = 8 * 1024;
    private const int ChunkBytes = 256, ManifestChunkBytes = 1_024;

    // What all devices ask for is published about once, as the benchmark says; on a busy machine some ask again before it has come.
    private const double PublishesPerChunkMax = 6;

    [Fact]
    public async Task All_devices_update_at_once_without_a_failure_and_share_the_chunks()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        VirtualDevice[] devices = await relay.AddDevicesAsync(Devices);
        await relay.UntilOnlineAsync(Devices);
        TestModel model = TestModels.Sign(DenseModels.Compile(ModelBytes, 1).Bytes, 1, null, null, null);
        await relay.PublishAsync(model);

        RolloutInfo rollout = await relay.Client.CreateRolloutAsync(new RolloutRequest { Artifact = model.IdHex }, TestContext.Current.CancellationToken);
        RolloutInfo ended = await relay.UntilAsync(rollout.Id, RolloutState.Completed);

        Assert.Equal(Devices, ended.Counts.Succeeded);
        Assert.All(devices, device => Assert.Equal(model.Id, device.RunningId));
        Assert.All(await relay.Client.RolloutDevicesAsync(rollout.Id, TestContext.Current.CancellationToken), device => Assert.Equal(1, device.Orders));
        int chunks = Chunks(model.Stored.Length, ChunkBytes) + Chunks(model.Manifest.Length, ManifestChunkBytes);
        Assert.InRange(await CountAsync(relay, "edgeml_chunks_published_total"), chunks, PublishesPerChunkMax * chunks);
    }

    private static int Chunks(int length, int chunkBytes) => (length + chunkBytes - 1) / chunkBytes;

    private static async Task<double> CountAsync(RelayFixture relay, string metric)
    {
        string[] lines = (await relay.Client.MetricsAsync(TestContext.Current.CancellationToken)).Split('\n');
        return double.Parse(lines.Single(line => line.StartsWith(metric + ' ', StringComparison.Ordinal))[metric.Length..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
