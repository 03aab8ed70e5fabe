using EdgeMl.Mcu.Bench.Devices;
using EdgeMl.Mcu.Bench.Flash;

namespace EdgeMl.Mcu.Agent.Tests.Devices;

public class MemoryTests(ITestOutputHelper log)
{
    // The budget of an update is 12 KiB on a device; objects and texts take more on a 64-bit host.
    private const int HostBytesMax = 16 * 1024;

    [Fact]
    public void An_agent_with_default_settings_takes_its_memory_at_construction_within_the_budget()
    {
        var settings = new AgentSettings { Fleet = TestRelay.Fleet, Device = "line-1", DeviceKey = DeviceWorld.DeviceKey, PublisherKey = TestModel.Key.HssPublicKey() };
        var link = new DirectLink();
        var files = new SimulatedFiles();
        var clock = new VirtualClock(new ManualTime());
        var random = new VirtualRandom(1);
        var board = new VirtualBoard();
        Create();

        long before = GC.GetAllocatedBytesForCurrentThread();
        DeviceAgent agent = Create();
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        log.WriteLine($"{bytes} bytes");
        Assert.InRange(bytes, 1, HostBytesMax);
        GC.KeepAlive(agent);

        DeviceAgent Create() => new(settings, link, files, clock, random, board, null);
    }

    [Fact]
    public void A_step_of_an_agent_that_waits_allocates_nothing()
    {
        var world = new DeviceWorld();
        world.Install(TestModel.First);
        world.RunFor(TimeSpan.FromMinutes(1));
        DeviceAgent agent = world.Device.Agent!;
        agent.Step();

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
            agent.Step();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
