using EdgeMl.Mcu.Bench.Devices;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Tests.Support;
using EdgeMl.Mcu.Testing.Brokers;

namespace EdgeMl.Mcu.Relay.Tests.EndToEnd;

public class ExternalBrokerTests
{
    public static TheoryData<string> Brokers => ["mosquitto", "NATS", "RabbitMQ"];

    [Theory]
    [MemberData(nameof(Brokers))]
    public async Task A_whole_round_goes_over_a_broker_of_somebody_else(string name)
    {
        using ExternalBroker broker = Make(name);
        await broker.StartAsync();
        await using RelayFixture relay = await StartAsync(broker);
        VirtualDevice[] devices = await relay.AddDevicesAsync(5, broker: () => broker.EndPoint, user: User);

        await relay.RollOutAsync(TestModels.Good(1));
        RolloutInfo second = await relay.RollOutAsync(TestModels.Good(2));
        await relay.Client.RollbackAsync(second.Id);
        await relay.UntilAsync(second.Id, RolloutState.RolledBack);

        Assert.All(devices, device => Assert.Equal(TestModels.Good(1).Id, device.RunningId));
    }

    [Fact]
    public async Task A_broker_that_is_killed_in_the_middle_delays_the_rollout_and_nothing_else()
    {
        using ExternalBroker broker = Make("mosquitto");
        await broker.StartAsync();
        await using RelayFixture relay = await StartAsync(broker);
        VirtualDevice[] devices = await relay.AddDevicesAsync(10, broker: () => broker.EndPoint, user: User);
        await relay.UntilOnlineAsync(10);
        await relay.PublishAsync(TestModels.Good(1));
        RolloutInfo rollout = await relay.Client.CreateRolloutAsync(new RolloutRequest { Artifact = $"{TestModels.Name}@1" });
        await RelayFixture.UntilAsync(async () => (await relay.Client.RolloutAsync(rollout.Id)).Counts.Ordered > 0, "devices have orders");
        broker.Kill();
        await RelayFixture.UntilAsync(async () => await HealthAsync(relay) == "degraded", "the relay misses the broker");
        await broker.StartAsync();

        await relay.UntilAsync(rollout.Id, RolloutState.Completed);

        Assert.All(devices, device => Assert.Equal(TestModels.Good(1).Id, device.RunningId));
        Assert.All(await relay.Client.RolloutDevicesAsync(rollout.Id), device => Assert.Equal(1, device.Orders));
    }

    [Fact]
    public async Task A_relay_that_restarts_finds_the_devices_that_stayed_connected_to_the_broker()
    {
        using ExternalBroker broker = Make("mosquitto");
        await broker.StartAsync();
        await using RelayFixture relay = await StartAsync(broker);
        VirtualDevice[] devices = await relay.AddDevicesAsync(3, broker: () => broker.EndPoint, user: User);
        await relay.RollOutAsync(TestModels.Good(1));
        await relay.RestartAsync();

        await relay.RollOutAsync(TestModels.Good(2));

        Assert.All(devices, device => Assert.Equal(TestModels.Good(2).Id, device.RunningId));
    }

    // The test programs' rules of access are their own tests' business; here one user may do everything.
    private static BrokerUser User { get; } = new("everybody", "secret");

    private static ExternalBroker Make(string name) => name switch
    {
        "mosquitto" => new MosquittoServer(User),
        "NATS" => new NatsServer(User),
        _ => new RabbitMqServer(User),
    };

    private static Task<RelayFixture> StartAsync(ExternalBroker broker) => RelayFixture.StartAsync(options => options with
    {
        Broker = new Uri($"mqtt://{User.Name}:{User.Password}@{broker.EndPoint}"),
        ReminderDelay = TimeSpan.FromSeconds(1),
    });

    private static async Task<string> HealthAsync(RelayFixture relay)
    {
        using var http = new HttpClient();
        using HttpResponseMessage response = await http.GetAsync(new Uri(relay.Address, Routes.Health));
        return (await response.Content.ReadAsStringAsync()).Contains("\"ok\"", StringComparison.Ordinal) ? "ok" : "degraded";
    }
}
