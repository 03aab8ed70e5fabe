using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Bench.Devices;
using EdgeMl.Mcu.Mqtt;
using EdgeMl.Mcu.Mqtt.Client;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Tests.Support;

namespace EdgeMl.Mcu.Relay.Tests.EndToEnd;

/// <summary>Attacks on the broker's topics and on the messages of devices, which the relay has to decide.</summary>
public class AttackTests
{
    [Fact]
    public async Task A_client_without_a_devices_password_is_not_let_in()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        await relay.AddDevicesAsync(2);
        MqttClientOptions login = relay.LoginOf("d0");

        foreach (MqttClientOptions forged in new[]
        {
            login with { UserName = null, Password = null },
            login with { Password = new string('0', login.Password!.Length) },
            login with { UserName = "d1" },
            login with { ClientId = "d1" },
            login with { UserName = "nobody", ClientId = "nobody" },
        })
        {
            await using var client = new MqttClient(forged);
            MqttException failure = await Assert.ThrowsAsync<MqttException>(() => client.ConnectAsync());
            Assert.Equal(MqttErrorCodes.ConnectRefused, failure.Code);
        }
    }

    [Fact]
    public async Task A_device_sees_and_writes_no_topics_but_its_own()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        await relay.AddDevicesAsync(1);
        await relay.EnrollAsync("spy");
        await using var client = new MqttClient(relay.LoginOf("spy"));
        await client.ConnectAsync();

        foreach (string filter in new[] { "#", "edgeml/#", "edgeml/lab/down/d0/desired", "edgeml/lab/down/+/desired", "edgeml/lab/down/#", "edgeml/lab/chunk/+", "edgeml/lab/up/spy/hello", "edgeml/other/down/spy/+" })
            Assert.Equal(MqttErrorCodes.SubscribeRefused, (await Assert.ThrowsAsync<MqttException>(() => client.SubscribeAsync(filter, QualityOfService.AtMostOnce))).Code);
        await client.SubscribeAsync("edgeml/lab/down/spy/+", QualityOfService.AtLeastOnce);
        await client.SubscribeAsync("edgeml/lab/chunk/" + new string('a', 32), QualityOfService.AtMostOnce);
        long denied = await relay.MetricAsync("edgeml_broker_topics_denied_total");
        foreach (string topic in new[] { "edgeml/lab/up/d0/hello", "edgeml/lab/down/d0/desired", "edgeml/lab/chunk/" + new string('a', 32), "edgeml/lab/up/spy/x" })
            await client.PublishAsync(new MqttMessage(topic, new byte[] { 1 }, QualityOfService.AtLeastOnce));

        Assert.Equal(denied + 4, await relay.MetricAsync("edgeml_broker_topics_denied_total"));
    }

    [Fact]
    public async Task Messages_that_the_device_key_has_not_sealed_change_nothing()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        await relay.EnrollAsync("d");
        var topics = new DeviceTopics("lab", "d");
        await using var client = new MqttClient(relay.LoginOf("d"));
        await client.ConnectAsync();
        var random = new Random(3);
        const int Messages = 2_000;
        for (int i = 0; i < Messages; i++)
        {
            byte[] noise = new byte[random.Next(0, 200)];
            random.NextBytes(noise);
            await client.PublishAsync(new MqttMessage((i % 4) switch { 0 => topics.Hello, 1 => topics.Status, 2 => topics.Result, _ => topics.Request }, noise, QualityOfService.AtMostOnce));
        }

        await RelayFixture.UntilAsync(
            async () => await relay.MetricAsync("edgeml_unverified_total") + await relay.MetricAsync("edgeml_malformed_total") >= Messages, "all messages were dropped");

        DeviceInfo device = await relay.Client.DeviceAsync("d");
        Assert.Equal((DeviceState.Unknown, null), (device.State, device.Running));
        await relay.AddDevicesAsync(1, prefix: "good");
        Assert.Equal(1, (await relay.RollOutAsync(TestModels.Good(1), device: "good0")).Counts.Succeeded);
    }

    [Fact]
    public async Task A_revoked_device_is_cut_off()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        VirtualDevice[] devices = await relay.AddDevicesAsync(2);
        await relay.UntilOnlineAsync(2);

        await relay.Client.RevokeAsync("d0");
        await relay.RollOutAsync(TestModels.Good(1));

        Assert.Null(devices[0].RunningId);
        Assert.NotNull(devices[1].RunningId);
        await using var client = new MqttClient(relay.LoginOf("d0"));
        Assert.Equal(MqttErrorCodes.ConnectRefused, (await Assert.ThrowsAsync<MqttException>(() => client.ConnectAsync())).Code);
    }

    [Fact]
    public async Task A_token_enrols_one_device_once_and_not_after_its_time()
    {
        var time = new JumpingTime();
        await using RelayFixture relay = await RelayFixture.StartAsync(options => options with { TimeProvider = time });
        TokenInfo token = await relay.Client.CreateTokenAsync(new TokenRequest { Device = "lamp", LifetimeSeconds = 60 });
        TokenInfo late = await relay.Client.CreateTokenAsync(new TokenRequest { Device = "late", LifetimeSeconds = 60 });
        await RefusedAsync(relay, new EnrollRequest { Token = token.Token, Device = "other" });
        await relay.Client.EnrollAsync(new EnrollRequest { Token = token.Token });

        await RefusedAsync(relay, new EnrollRequest { Token = token.Token });
        await RefusedAsync(relay, new EnrollRequest { Token = "made-up", Device = "x" });
        time.Jump(TimeSpan.FromDays(3652));
        time.Elapse(TimeSpan.FromSeconds(61));
        await RefusedAsync(relay, new EnrollRequest { Token = late.Token });
        Assert.Equal("lamp", Assert.Single(await relay.Client.DevicesAsync()).Id);
    }

    private static async Task RefusedAsync(RelayFixture relay, EnrollRequest request) =>
        Assert.Equal(RelayErrorCodes.Token, (await Assert.ThrowsAsync<RelayException>(() => relay.Client.EnrollAsync(request))).Code);
}
