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

        RolloutInfo ended = await relay.RollOutAsync(TestModels.Good(1));

        Assert.Equal(5, ended.Counts.Succeeded);
        Assert.All(devices, device => Assert.Equal(TestModels.Good(1).Id, device.RunningId));
        Assert.All(await relay.Client.DevicesAsync(new DeviceQuery { Running = $"{TestModels.Name}@1" }), device => Assert.Equal(TestModels.Good(1).IdHex, device.Running));
    }

    [Fact]
    public async Task A_stage_reaches_its_share_of_devices_and_the_next_one_waits_for_the_gate()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        VirtualDevice[] devices = await relay.AddDevicesAsync(10);
        await relay.PublishAsync(TestModels.Good(1));
        RolloutInfo rollout = await relay.Client.CreateRolloutAsync(new RolloutRequest
        {
            Artifact = $"{TestModels.Name}@1",
            Stages = [new RolloutStage { Percent = 30 }],
            Gates = new RolloutGates { SuccessPercent = 100, SoakSeconds = 100_000 },
        });

        await RelayFixture.UntilAsync(async () => (await relay.Client.RolloutAsync(rollout.Id)) is { Counts.Succeeded: 3, SoakedSeconds: > 0 }, "the first stage has succeeded");

        Assert.Equal(3, devices.Count(device => device.RunningId is not null));
        Assert.Equal([0, 1, 2], (await relay.Client.RolloutDevicesAsync(rollout.Id)).Where(device => device.State == MemberState.Succeeded).Select(device => device.Ordinal));
    }

    [Fact]
    public async Task Jumps_of_the_calendar_clock_by_ten_years_move_no_rollout()
    {
        var time = new JumpingTime();
        await using RelayFixture relay = await RelayFixture.StartAsync(options => options with { TimeProvider = time });
        VirtualDevice[] devices = await relay.AddDevicesAsync(4);
        await relay.PublishAsync(TestModels.Good(1));
        RolloutInfo rollout = await relay.Client.CreateRolloutAsync(new RolloutRequest
        {
            Artifact = $"{TestModels.Name}@1",
            Stages = [new RolloutStage { Count = 1 }],
            Gates = new RolloutGates { SoakSeconds = 100_000 },
        });
        await RelayFixture.UntilAsync(async () => (await relay.Client.RolloutAsync(rollout.Id)).Counts.Succeeded == 1, "the first device has succeeded");
        time.Jump(TimeSpan.FromDays(3652));
        await RelayFixture.UntilAsync(async () => (await relay.Client.RolloutAsync(rollout.Id)).SoakedSeconds > 0.5, "it soaks on");
        time.Jump(TimeSpan.FromDays(-2 * 3652));
        double soaked = (await relay.Client.RolloutAsync(rollout.Id)).SoakedSeconds;
        Assert.InRange(soaked, 0, 1_000);
        Assert.Single(devices, device => device.RunningId is not null);

        time.Elapse(TimeSpan.FromSeconds(100_000));

        await relay.UntilAsync(rollout.Id, RolloutState.Running);
        await RelayFixture.UntilAsync(async () => (await relay.Client.RolloutAsync(rollout.Id)).Counts.Succeeded == 4, "the second stage has succeeded");
    }

    [Fact]
    public async Task A_model_whose_self_test_fails_is_taken_back_by_itself()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        VirtualDevice[] devices = await relay.AddDevicesAsync(6);
        await relay.RollOutAsync(TestModels.Good(1));
        await relay.PublishAsync(TestModels.WithWrongSelfTest(2));

        RolloutInfo bad = await relay.Client.CreateRolloutAsync(new RolloutRequest { Artifact = $"{TestModels.Name}@2", Stages = [new RolloutStage { Count = 2 }] });
        RolloutInfo ended = await relay.UntilAsync(bad.Id, RolloutState.RolledBack);

        Assert.InRange(ended.Counts.Failed, 1, 2);
        Assert.All(devices, device => Assert.Equal(TestModels.Good(1).Id, device.RunningId));
        Assert.Contains((await relay.Client.RolloutDevicesAsync(bad.Id)), device => device.ErrorName == "SelfTest");
        Assert.Contains((await relay.Client.RolloutHistoryAsync(bad.Id)), entry => entry.Action == "rollout.rolling-back");
    }

    [Fact]
    public async Task A_rollback_brings_every_device_to_what_it_ran_before()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        VirtualDevice[] devices = await relay.AddDevicesAsync(5);
        await relay.RollOutAsync(TestModels.Good(1));
        RolloutInfo second = await relay.RollOutAsync(TestModels.Good(2));
        Assert.All(devices, device => Assert.Equal(TestModels.Good(2).Id, device.RunningId));

        await relay.Client.RollbackAsync(second.Id);
        RolloutInfo ended = await relay.UntilAsync(second.Id, RolloutState.RolledBack);

        Assert.Equal(5, ended.Counts.RolledBack);
        Assert.All(devices, device => Assert.Equal(TestModels.Good(1).Id, device.RunningId));
    }

    [Fact]
    public async Task A_paused_rollout_gives_no_orders_until_it_is_resumed()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        VirtualDevice[] devices = await relay.AddDevicesAsync(4);
        await relay.PublishAsync(TestModels.Good(1));
        RolloutInfo rollout = await relay.Client.CreateRolloutAsync(new RolloutRequest
        {
            Artifact = $"{TestModels.Name}@1",
            Stages = [new RolloutStage { Count = 1 }],
            Gates = new RolloutGates { SoakSeconds = 0.5 },
        });
        await relay.Client.PauseAsync(rollout.Id);
        int ordered = (await relay.Client.RolloutDevicesAsync(rollout.Id)).Count(device => device.Orders > 0);
        await relay.RestartAsync();
        Assert.Equal(ordered, (await relay.Client.RolloutDevicesAsync(rollout.Id)).Count(device => device.Orders > 0));
        Assert.InRange(ordered, 0, 1);

        await relay.Client.ResumeAsync(rollout.Id);

        await relay.UntilAsync(rollout.Id, RolloutState.Completed);
        Assert.All(devices, device => Assert.Equal(TestModels.Good(1).Id, device.RunningId));
    }

    [Fact]
    public async Task A_device_that_was_offline_through_three_versions_goes_to_the_last_one()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        VirtualDevice[] devices = await relay.AddDevicesAsync(3);
        await relay.UntilOnlineAsync(3);
        RelayFixture.SetOffline(devices[0], true);
        foreach (int version in new[] { 1, 2, 3 })
        {
            await relay.PublishAsync(TestModels.Good(version));
            RolloutInfo rollout = await relay.Client.CreateRolloutAsync(new RolloutRequest { Artifact = $"{TestModels.Name}@{version}" });
            await RelayFixture.UntilAsync(async () => (await relay.Client.RolloutAsync(rollout.Id)).Counts.Succeeded == 2, $"version {version} is on the others");
        }

        RelayFixture.SetOffline(devices[0], false);

        await relay.UntilAsync(3, RolloutState.Completed);
        Assert.All(devices, device => Assert.Equal(TestModels.Good(3).Id, device.RunningId));
        foreach (long former in new long[] { 1, 2 })
            Assert.Equal((2, 1), await relay.Client.RolloutAsync(former) is var info ? (info.Counts.Succeeded, info.Counts.Superseded) : default);
        Assert.Equal(1, Assert.Single(await relay.Client.RolloutDevicesAsync(3), device => device.Device == "d0").Orders);
    }

    [Fact]
    public async Task Tags_choose_the_devices()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        VirtualDevice[] hall = await relay.AddDevicesAsync(2, tags: ["hall"], prefix: "h");
        VirtualDevice[] yard = await relay.AddDevicesAsync(2, tags: ["yard"], prefix: "y");
        await relay.PublishAsync(TestModels.Good(1));

        RolloutInfo rollout = await relay.Client.CreateRolloutAsync(new RolloutRequest { Artifact = $"{TestModels.Name}@1", Target = new DeviceQuery { Tags = ["yard"] } });
        await relay.UntilAsync(rollout.Id, RolloutState.Completed);

        Assert.All(yard, device => Assert.NotNull(device.RunningId));
        Assert.All(hall, device => Assert.Null(device.RunningId));
    }

    [Fact]
    public async Task Devices_follow_a_rotation_of_the_publisher_key_with_their_next_order()
    {
        await using RelayFixture relay = await RelayFixture.StartAsync();
        VirtualDevice[] devices = await relay.AddDevicesAsync(2);
        await relay.RollOutAsync(TestModels.Good(1));
        byte[] next = TestModels.KeyOf("next").HssPublicKey();
        await relay.Client.RotatePublisherKeyAsync(Ota.Manifests.RotationBuilder.Build(next, 1, message => TestModels.Key.HssSign(900, message, new byte[24])));
        TestModel second = TestModels.Good(2, key: TestModels.KeyOf("next"));

        await relay.RollOutAsync(second);

        Assert.All(devices, device => Assert.Equal(second.Id, device.RunningId));
        Assert.All(await relay.Client.DevicesAsync(), device => Assert.Equal(1, device.KeyGeneration));
    }
}
