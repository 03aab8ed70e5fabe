using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Bench.Devices;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Agent.Tests.Devices;

/// <summary>Results on their way to the relay: each sample that was recorded arrives, once.</summary>
public class ResultTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(40);

    /// <summary>Everything is reported, with its sample.</summary>
    private static readonly byte[] ReportAll = TestBodies.Encode(writer =>
    {
        writer.WriteMap(4);
        writer.WriteInteger(0);
        writer.WriteBool(false);
        writer.WriteInteger(2);
        writer.WriteInteger(0);
        writer.WriteInteger(3);
        writer.WriteInteger(int.MaxValue);
        writer.WriteInteger(4);
        writer.WriteInteger(int.MaxValue);
    });

    [Fact]
    public void Results_come_in_order_with_label_outputs_and_sample()
    {
        (DeviceWorld world, _) = Start(samples: 100, new VirtualDeviceOptions(), resultsMax: 200);

        world.RunUntil(() => world.Relay.Results.Count == 100);

        Assert.Equal(Enumerable.Range(1, 100), world.Relay.Results.Values.Select(SampleOf));
        Assert.Equal(Enumerable.Range(1, 100).Select(i => (long)i), world.Relay.Results.Keys);
        world.RunUntil(() => world.Device.Agent!.ResultsWaiting == 0);
    }

    [Fact]
    public void Every_result_arrives_once_through_loss_duplicates_reordering_and_absence() => Check.One(Thorough, Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
    {
        DeviceFaults faults = FaultTests.Faults(new Random(seed)) with { OperationsPerPowerCut = 0 };
        (DeviceWorld world, _) = Start(samples: 150, new VirtualDeviceOptions { Seed = seed }, resultsMax: 200);
        world.Device.Faults = faults;
        world.RunFor(TimeSpan.FromMinutes(3));
        world.Device.Faults = DeviceFaults.None;

        world.RunUntil(() => world.Relay.Results.Count == 150);

        Assert.Equal(Enumerable.Range(1, 150), world.Relay.Results.Values.Select(SampleOf));
        return true;
    }));

    [Fact]
    public void A_power_cut_costs_at_most_the_result_in_work_and_none_comes_twice_as_new() => Check.One(Thorough, Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
    {
        DeviceFaults faults = FaultTests.Faults(new Random(seed)) with { OperationsPerPowerCut = 60 };
        (DeviceWorld world, CountingSensor sensor) = Start(samples: 150, new VirtualDeviceOptions { Seed = seed, CanLosePower = true }, resultsMax: 200);
        int starts = world.Device.Starts;
        world.Device.Faults = faults;
        world.RunFor(TimeSpan.FromMinutes(4));
        world.Device.Faults = DeviceFaults.None;
        world.RunUntil(() => sensor.Count == 150 && world.Device.Agent is { ResultsWaiting: 0 });

        // The relay compares results that come again: one number never stands for two results.
        int[] arrived = [.. world.Relay.Results.Values.Select(SampleOf)];
        Assert.Equal(arrived.Distinct(), arrived);
        Assert.InRange(150 - arrived.Length, 0, world.Device.Starts - starts);
        return true;
    }));

    [Fact]
    public void A_store_that_is_full_gives_up_the_oldest_results_and_counts_them()
    {
        (DeviceWorld world, _) = Start(samples: 500, new VirtualDeviceOptions(), resultsMax: 50);
        world.RunUntil(() => world.Relay.Results.Count > 0 && world.Device.Agent!.ResultsWaiting == 0);
        world.Link.SetOffline(true);
        world.RunFor(TimeSpan.FromMinutes(20));
        Assert.InRange(world.Device.Agent!.ResultsWaiting, 50, 100);
        world.Link.SetOffline(false);

        world.RunUntil(() => world.Device.Agent.ResultsWaiting == 0);

        Assert.Equal(Enumerable.Range(451, 50), world.Relay.Results.Values.Select(SampleOf).TakeLast(50));
        Assert.Equal(500, world.Relay.Results.Count + world.Device.Agent.ResultsDropped);
    }

    [Fact]
    public void Results_survive_a_reboot_of_a_device_that_is_away()
    {
        (DeviceWorld world, CountingSensor sensor) = Start(samples: 0, new VirtualDeviceOptions { CanLosePower = true }, resultsMax: 100);
        world.Link.SetOffline(true);
        sensor.Samples = 40;
        world.RunUntil(() => sensor.Count == 40);
        world.Device.CutPower();
        world.RunFor(TimeSpan.FromMinutes(1));
        Assert.Equal(40, world.Device.Agent!.ResultsWaiting);
        world.Link.SetOffline(false);

        world.RunUntil(() => world.Relay.Results.Count == 40);

        Assert.Equal(Enumerable.Range(1, 40), world.Relay.Results.Values.Select(SampleOf));
    }

    private static (DeviceWorld World, CountingSensor Sensor) Start(int samples, VirtualDeviceOptions options, int resultsMax)
    {
        var sensor = new CountingSensor(0);
        var world = new DeviceWorld(options with { Sensor = () => sensor }, settings => settings.ResultsMax = resultsMax);
        world.Install(TestModel.First, new TestOrder(TestModel.First) { Policy = ReportAll });
        sensor.Samples = samples;
        return (world, sensor);
    }

    /// <summary>Number of the sample that a record brings.</summary>
    private static int SampleOf(byte[] record)
    {
        var reader = new CborReader();
        reader.Reset(record, 0, record.Length);
        Assert.Equal(5, reader.ReadArray());
        reader.ReadInteger();
        Assert.InRange(reader.ReadInteger(), 0, long.MaxValue);
        Assert.True(reader.Peek() is CborType.Text or CborType.Null);
        reader.Skip();
        reader.Skip();
        int count = reader.ReadBytes();
        Assert.True(reader.Finish() && count >= 2);
        return record.AsSpan(reader.DataOffset, Math.Min(count, 4)).ToArray().Select((value, i) => value << (8 * i)).Sum();
    }
}
