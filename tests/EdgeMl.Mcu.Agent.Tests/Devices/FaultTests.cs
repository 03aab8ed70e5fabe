using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Bench.Devices;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Agent.Tests.Devices;

/// <summary>Updates while things go wrong: whatever happened, the device ends at the ordered model when it stops, and runs nothing else than signed models meanwhile.</summary>
public class FaultTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(60);

    [Fact]
    public void Any_sequence_of_faults_ends_at_the_ordered_model() => Check.One(Thorough, Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var world = new DeviceWorld(new VirtualDeviceOptions { Seed = seed, CanLosePower = true });
        world.Device.Faults = Faults(random);
        TestModel[] models = [TestModel.First, TestModel.Second, TestModel.Third];
        for (int i = 0; i < models.Length; i++)
        {
            world.Relay.Order(new TestOrder(models[i]) { IsRetried = true, Delta = i > 0 && random.Next(2) == 0 ? (models[i - 1], models[i].DeltaFrom(models[i - 1])) : null });
            Watch(world, models, random.Next(50, 2_000));
        }
        world.Device.Faults = DeviceFaults.None;
        world.RunUntil(() => IsConfirmed(world));
        Assert.True(world.Runs(TestModel.Third));
        return true;
    }));

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public void A_clock_that_jumps_by_years_holds_nothing_up(int years)
    {
        var world = new DeviceWorld();
        world.Device.Faults = new DeviceFaults { ClockJump = 0.2, ClockJumpMax = TimeSpan.FromDays(365.25 * years) };

        world.Install(TestModel.First);
        long before = world.Time.GetTimestamp();
        world.Install(TestModel.Second);

        Assert.InRange(world.Time.GetTimestamp() - before, 0, 3_600_000);
    }

    [Fact]
    public void A_hello_that_comes_late_does_not_keep_the_device_from_orders()
    {
        var world = new DeviceWorld();
        world.Install(TestModel.First);
        byte[] late = world.Relay.LastHello;
        world.Link.Disconnect();
        world.RunUntil(() => !world.Relay.LastHello.SequenceEqual(late));
        world.RunFor(TimeSpan.FromSeconds(10));
        long before = world.Time.GetTimestamp();

        world.Relay.Receive(world.Relay.Topics.Hello, world.Relay.Seal(world.Relay.Topics.Hello, late));
        world.Install(TestModel.Second);

        Assert.InRange(world.Time.GetTimestamp() - before, 0, new AgentSettings().PollMilliseconds / 4);
    }

    [Fact]
    public void A_full_flash_fails_the_attempt_and_leaves_the_former_model()
    {
        var world = new DeviceWorld();
        world.Install(TestModel.First);
        int used = Enumerable.Range(0, StoreFile.Count).Sum(file => Math.Max(0, world.Device.Files.Length(file)));
        world.Device.Files.CapacityBytes = used + TestModel.Large.Manifest.Length + 4_000;
        world.Relay.Order(new TestOrder(TestModel.Large));

        world.RunUntil(() => world.Relay.Outcomes.ContainsKey(2));

        Assert.Equal((7, (int)AgentError.Storage), (world.Relay.Outcomes[2].State, world.Relay.Outcomes[2].Error));
        Assert.True(world.Runs(TestModel.First));
        world.Device.Files.CapacityBytes = long.MaxValue;
        world.Install(TestModel.Second);
    }

    [Fact]
    public void A_flash_that_is_full_at_any_one_write_does_not_keep_the_device_from_the_next_order()
    {
        for (int write = 1; write < 60; write += 3)
        {
            var world = new DeviceWorld();
            world.Install(TestModel.First);
            world.Device.Files.FullAtWrite = world.Device.Files.Writes + write;

            world.Relay.Order(new TestOrder(TestModel.Second) { IsRetried = true });

            world.RunUntil(() => IsConfirmed(world));
            Assert.True(world.Runs(TestModel.Second));
        }
    }

    [Fact]
    public void A_model_that_ends_the_device_during_its_trial_is_not_tried_again_by_the_same_attempt()
    {
        var world = new DeviceWorld(new VirtualDeviceOptions { CanLosePower = true });
        world.Install(TestModel.First);
        world.Relay.Order(new TestOrder(TestModel.Second));
        world.RunUntil(() => world.Device.Agent!.Journal.Pending != Slot.None);
        // The next commit begins the trial, the one after it ends it.
        world.Device.CutPowerAfter(4);

        world.RunUntil(() => world.Relay.Outcomes.ContainsKey(2));

        Assert.Equal((7, (int)AgentError.TrialInterrupted), (world.Relay.Outcomes[2].State, world.Relay.Outcomes[2].Error));
        Assert.True(world.Runs(TestModel.First));
        world.RunFor(TimeSpan.FromHours(1));
        Assert.True(world.Runs(TestModel.First));
        world.Install(TestModel.Second);
    }

    internal static DeviceFaults Faults(Random random) => new()
    {
        Loss = random.NextDouble() * 0.4,
        Duplication = random.NextDouble() * 0.4,
        Reordering = random.NextDouble() * 0.4,
        OperationsPerPowerCut = random.Next(3) == 0 ? 0 : random.Next(10, 400),
        GoingOffline = random.Next(2) * 0.01,
        OfflineMax = TimeSpan.FromMinutes(10),
        ClockJump = random.Next(2) * 0.01,
    };

    private static bool IsConfirmed(DeviceWorld world) =>
        world.Relay.Outcomes.TryGetValue(world.Relay.Attempt, out TestStatus? outcome) && outcome.State == 6 && world.Device.Agent?.Journal.Outcome == Agent.Storage.Outcome.None;

    /// <summary>Lets the device work and looks at each step what it runs.</summary>
    private static void Watch(DeviceWorld world, TestModel[] models, int steps)
    {
        int before = 0;
        int count = 0;
        world.RunUntil(() =>
        {
            if (world.Device.RunningId is { } id)
            {
                int now = Array.FindIndex(models, model => model.Id.SequenceEqual(id));
                Assert.True(now >= 0);
                before = now;
            }
            return ++count >= steps;
        }, hours: 24 * 365);
        Assert.InRange(before, 0, models.Length);
    }
}
