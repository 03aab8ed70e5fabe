using EdgeMl.Mcu.Bench.Devices;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Agent.Tests.Devices;

/// <summary>Fleets on a real broker.</summary>
public class MqttFleetTests
{
    [Fact]
    public async Task A_fleet_is_updated_twice_over_a_real_broker()
    {
        await using MqttFleet fleet = await MqttFleet.StartAsync();
        for (int i = 0; i < 50; i++)
            fleet.Add($"device-{i}", new VirtualDeviceOptions { Seed = i });
        fleet.Order(new TestOrder(TestModel.First));
        await Patience.UntilAsync(() => fleet.AllRun(TestModel.First), "the first model on all devices");

        fleet.Order(new TestOrder(TestModel.Large));
        await Patience.UntilAsync(() => fleet.AllRun(TestModel.Large), "the second model on all devices");

        Assert.All(fleet.Devices.Devices, device => Assert.Equal(1, device.Starts));
        Assert.All(fleet.Relays, relay => Assert.Equal([1, 2], relay.Outcomes.Keys.Order()));
    }

    [Fact]
    public async Task A_fleet_that_loses_power_network_and_messages_ends_at_the_ordered_model()
    {
        await using MqttFleet fleet = await MqttFleet.StartAsync();
        for (int i = 0; i < 12; i++)
        {
            fleet.Add($"device-{i}", new VirtualDeviceOptions
            {
                Seed = i,
                CanLosePower = true,
                Faults = new DeviceFaults { Loss = 0.2, Duplication = 0.2, Reordering = 0.2, OperationsPerPowerCut = 10, GoingOffline = 0.01, OfflineMax = TimeSpan.FromSeconds(1) },
            });
        }
        fleet.Order(new TestOrder(TestModel.First) { IsRetried = true });
        await Patience.UntilAsync(() => fleet.Devices.Devices.Sum(device => device.Starts) > 24, "power cuts");

        foreach (VirtualDevice device in fleet.Devices.Devices)
            device.Faults = DeviceFaults.None;

        await Patience.UntilAsync(() => fleet.AllRun(TestModel.First), "the model on all devices");
    }
}
