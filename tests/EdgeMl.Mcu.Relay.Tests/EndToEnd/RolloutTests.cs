using EdgeMl.Mcu.Bench.Devices;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Tests.Support;

namespace EdgeMl.Mcu.Relay.Tests.EndToEnd;

public class RolloutTests
{
    [Fact]
    public async Task Every_device_runs_the_model_after_a_rollout()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        VirtualDevice[] devices = await relay.AddDevicesAsync(5);
        TestModel model = TestModels.Good(1);
        await relay.PublishAsync(model);

        RolloutInfo rollout = await relay.Client.CreateRolloutAsync(new RolloutRequest { Artifact = $"{TestModels.Name}@1" });
        RolloutInfo ended = await relay.UntilAsync(rollout.Id, RolloutState.Completed);

        Assert.Equal(5, ended.Counts.Succeeded);
        Assert.All(devices, device => Assert.Equal(model.Id, device.RunningId));
        Assert.All(await relay.Client.DevicesAsync(new DeviceQuery { Running = $"{TestModels.Name}@1" }), device => Assert.Equal(model.IdHex, device.Running));
    }
}
