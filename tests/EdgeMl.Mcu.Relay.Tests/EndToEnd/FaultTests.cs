using System.Threading.Channels;
using EdgeMl.Mcu.Bench.Devices;
using EdgeMl.Mcu.Mqtt;
using EdgeMl.Mcu.Mqtt.Client;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Tests.Support;

namespace EdgeMl.Mcu.Relay.Tests.EndToEnd;

public class FaultTests
{
    [Fact]
    public async Task Loss_duplicates_and_reordering_delay_devices_and_change_nothing_else()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync(options => options with { ReminderDelay = TimeSpan.FromSeconds(1) });
        VirtualDevice[] devices = await relay.AddDevicesAsync(20, new DeviceFaults { Loss = 0.2, Duplication = 0.1, Reordering = 0.1 });
        await relay.RollOutAsync(TestModels.Good(1));

        RolloutInfo second = await relay.RollOutAsync(TestModels.Good(2));

        Assert.Equal(20, second.Counts.Succeeded);
        Assert.All(devices, device => Assert.Equal(TestModels.Good(2).Id, device.RunningId));
        Assert.All(await relay.Client.RolloutDevicesAsync(second.Id), device => Assert.Equal(1, device.Orders));
    }

    [Fact]
    public async Task A_relay_that_restarts_in_the_middle_goes_on_where_it_was()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        VirtualDevice[] devices = await relay.AddDevicesAsync(10);
        await relay.UntilOnlineAsync(10);
        await relay.PublishAsync(TestModels.Good(1));
        RolloutInfo rollout = await relay.Client.CreateRolloutAsync(new RolloutRequest { Artifact = $"{TestModels.Name}@1" });
        for (int i = 0; i < 5; i++)
            await relay.RestartAsync();

        await relay.UntilAsync(rollout.Id, RolloutState.Completed);

        Assert.All(devices, device => Assert.Equal(TestModels.Good(1).Id, device.RunningId));
        Assert.All(await relay.Client.RolloutDevicesAsync(rollout.Id), device => Assert.Equal(1, device.Orders));
    }

    [Fact]
    public async Task Numbers_of_downlinks_grow_also_when_a_late_hello_brings_a_former_nonce_back()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        Enrollment enrollment = await relay.EnrollAsync("d");
        var device = new SealedMessages(enrollment);
        var numbers = Channel.CreateUnbounded<long>();
        await using var client = new MqttClient(relay.LoginOf("d") with
        {
            MessageHandler = (message, _) =>
            {
                numbers.Writer.TryWrite(device.NumberOf(message.Topic, message.Payload.ToArray()));
                return ValueTask.CompletedTask;
            },
        });
        await client.ConnectAsync();
        await client.SubscribeAsync(device.Topics.Desired, QualityOfService.AtLeastOnce);
        long last = 0;

        foreach (byte nonce in new byte[] { 1, 1, 2, 1, 2, 2, 1 })
        {
            await client.PublishAsync(new MqttMessage(device.Topics.Hello, device.Hello(nonce), QualityOfService.AtLeastOnce));
            long number = await numbers.Reader.ReadAsync(TestContext.Current.CancellationToken);
            Assert.True(number > last, $"{number} after {last}");
            last = number;
        }
    }

    [Fact]
    public async Task Five_hundred_devices_at_once_share_their_chunks()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        VirtualDevice[] devices = await relay.AddDevicesAsync(500);
        await relay.UntilOnlineAsync(500);

        await relay.RollOutAsync(TestModels.Good(1));

        Assert.All(devices, device => Assert.Equal(TestModels.Good(1).Id, device.RunningId));
        int chunks = Chunks(TestModels.Good(1));
        long published = await relay.MetricAsync("edgeml_chunks_published_total");
        TestContext.Current.SendDiagnosticMessage($"{published} chunks published, the blobs have {chunks}");
        // About one of each on an idle machine, which is the benchmark's to say; each device alone would have its own.
        Assert.InRange(published, chunks, chunks * devices.Length / 50);
    }

    [Fact]
    public async Task Five_hundred_devices_that_come_back_at_once_are_all_served()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        VirtualDevice[] devices = await relay.AddDevicesAsync(500);
        await relay.UntilOnlineAsync(500);
        foreach (VirtualDevice device in devices)
            RelayFixture.SetOffline(device, true);
        await relay.UntilOnlineAsync(0);
        await relay.PublishAsync(TestModels.Good(1));
        RolloutInfo rollout = await relay.Client.CreateRolloutAsync(new RolloutRequest { Artifact = $"{TestModels.Name}@1" });
        foreach (VirtualDevice device in devices)
            RelayFixture.SetOffline(device, false);

        RolloutInfo ended = await relay.UntilAsync(rollout.Id, RolloutState.Completed);

        Assert.Equal(500, ended.Counts.Succeeded);
        Assert.Equal(0, await relay.MetricAsync("edgeml_broker_messages_dropped_total"));
    }

    [Fact]
    public async Task A_full_disk_holds_the_rollout_up_until_there_is_room()
    {
        long room = 400 * 1024;
        await using RelayFixture relay = await RelayFixture.StartAsync(options => options with { DatabaseBytesMax = room, ReminderDelay = TimeSpan.FromSeconds(1) });
        VirtualDevice[] devices = await relay.AddDevicesAsync(3);
        await relay.PublishAsync(TestModels.Good(1));
        await Assert.ThrowsAsync<RelayException>(async () =>
        {
            for (int i = 0; i < 10_000; i++)
                await relay.Client.CreateTokenAsync(new TokenRequest { Tags = [$"{i}"] });
        });
        // More than what is left free in pages that are in use.
        string[] names = [.. Enumerable.Range(0, 2_000).Select(number => $"d{number}")];
        await Assert.ThrowsAsync<RelayException>(() => relay.Client.CreateRolloutAsync(new RolloutRequest { Artifact = $"{TestModels.Name}@1", Target = new DeviceQuery { Names = names } }));
        Assert.Empty(await relay.Client.RolloutsAsync());
        room *= 10;
        await relay.RestartAsync();

        await relay.RollOutAsync(TestModels.Good(1));

        Assert.All(devices, device => Assert.Equal(TestModels.Good(1).Id, device.RunningId));
    }

    private static int Chunks(TestModel model) => ((model.Manifest.Length + 1023) / 1024) + ((model.Stored.Length + 255) / 256);
}
