using System.Security.Cryptography;
using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Bench.Devices;
using EdgeMl.Mcu.Ota.Manifests;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Tests.Support;

namespace EdgeMl.Mcu.Relay.Tests.EndToEnd;

public class TransferTests
{
    [Fact]
    public async Task A_device_that_runs_the_base_gets_a_delta_and_takes_fewer_chunks()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        VirtualDevice device = Assert.Single(await relay.AddDevicesAsync(1));
        TestModel first = TestModels.Good(1);
        TestModel again = TestModels.Sign(first.Stored, 2, null, null, null);
        await relay.RollOutAsync(first);
        int whole = device.Agent!.Counters.Chunks;

        await relay.RollOutAsync(again);

        Assert.Equal(again.Id, device.RunningId);
        int manifestChunks = (again.Manifest.Length + 1023) / 1024;
        Assert.Equal(manifestChunks + 1, device.Agent!.Counters.Chunks - whole);
    }

    [Fact]
    public async Task An_encrypted_model_runs_on_devices_and_is_not_readable_on_the_way()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        VirtualDevice[] devices = await relay.AddDevicesAsync(3);
        byte[] plain = TestModels.Good(1).Stored;
        byte[] key = RandomNumberGenerator.GetBytes(16);
        byte[] nonce = RandomNumberGenerator.GetBytes(ManifestFormat.EncryptionNonceBytes);
        byte[] stored = Ota.Encryption.ModelEncryption.Encrypt(plain, key, nonce);
        TestModel model = TestModels.Sign(plain, 1, content => content with { Stored = stored, Encryption = new EncryptionBlock(nonce, new byte[ManifestFormat.KeyIdBytes]) }, null, null) with { Stored = stored };
        ArtifactInfo artifact = await relay.Client.PublishAsync(model.Manifest, new MemoryStream(stored), key);

        RolloutInfo rollout = await relay.Client.CreateRolloutAsync(new RolloutRequest { Artifact = artifact.Id });
        await relay.UntilAsync(rollout.Id, RolloutState.Completed);

        Assert.True(artifact.IsEncrypted);
        Assert.All(devices, device => Assert.Equal(model.Id, device.RunningId));
    }

    [Fact]
    public async Task Results_are_stored_once_and_survive_a_restart()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        await relay.AddDevicesAsync(2, new DeviceFaults { Loss = 0.1, Duplication = 0.3 }, sensor: () => new NoiseSensor(3, 20));
        await relay.RollOutAsync(TestModels.Good(1));
        await RelayFixture.UntilAsync(async () => (await relay.Client.ResultsAsync("d0")).Length > 0, "results have come");

        ResultInfo[] before = await relay.Client.ResultsAsync("d0");
        await relay.RestartAsync();
        ResultInfo[] after = await relay.Client.ResultsAsync("d0");

        Assert.Equal(after.Select(result => result.Seq).Distinct(), after.Select(result => result.Seq));
        Assert.Equal(before.Select(result => (result.Seq, result.UptimeMs)), after.Take(before.Length).Select(result => (result.Seq, result.UptimeMs)));
        Assert.All(after, result => Assert.NotEmpty(result.Outputs));
    }
}
