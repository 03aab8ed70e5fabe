using System.Security.Cryptography;
using EdgeMl.Mcu.Bench.Devices;

namespace EdgeMl.Mcu.Agent.Tests.Devices;

/// <summary>One device, a relay for it, and time, which passes as fast as both work.</summary>
internal sealed class DeviceWorld
{
    private const string DeviceId = "line-1";

    public DeviceWorld(VirtualDeviceOptions? options = null, Action<AgentSettings>? configure = null)
    {
        var settings = new AgentSettings
        {
            Fleet = TestRelay.Fleet,
            Device = DeviceId,
            DeviceKey = DeviceKey,
            PublisherKey = TestModel.Key.HssPublicKey(),
            Board = "esp32",
            Firmware = "1.0",
            SlotBytes = 64 * 1024,
        };
        configure?.Invoke(settings);
        Link = new DirectLink();
        Relay = new TestRelay(settings.Device, settings.DeviceKey, Link.Deliver);
        Device = new VirtualDevice(settings, Link, (options ?? new VirtualDeviceOptions()) with { Time = Time });
    }

    public static byte[] DeviceKey { get; } = SHA256.HashData("device key"u8);

    public ManualTime Time { get; } = new();

    public DirectLink Link { get; }

    public TestRelay Relay { get; }

    public VirtualDevice Device { get; }

    public bool Runs(TestModel model) => Device.RunningId is { } id && id.SequenceEqual(model.Id);

    /// <summary>Lets both work until a condition holds.</summary>
    /// <param name="condition">Looked at after each step.</param>
    /// <param name="hours">Time after which it must hold.</param>
    public void RunUntil(Func<bool> condition, int hours = 48)
    {
        long end = Time.GetTimestamp() + (hours * 3_600_000L);
        while (!condition())
        {
            Assert.True(Time.GetTimestamp() < end, $"not within {hours} hours: state {Device.State}, error {Device.Agent?.LastError}, starts {Device.Starts}");
            Step();
        }
    }

    /// <summary>Lets both work for a time.</summary>
    public void RunFor(TimeSpan time)
    {
        long end = Time.GetTimestamp() + (long)time.TotalMilliseconds;
        while (Time.GetTimestamp() < end)
            Step();
    }

    /// <summary>Brings a model on the device.</summary>
    public void Install(TestModel model, TestOrder? order = null)
    {
        Relay.Order(order ?? new TestOrder(model));
        RunUntil(() => Relay.Outcomes.ContainsKey(Relay.Attempt) && Device.Agent!.Journal.Outcome == Agent.Storage.Outcome.None);
        Assert.Equal(0, Relay.Outcomes[Relay.Attempt].Error);
        Assert.True(Runs(model));
    }

    private void Step()
    {
        int wait = Device.Step();
        bool isIdle = Link.Uplink.Count == 0;
        while (Link.Uplink.TryDequeue(out (string Topic, byte[] Payload) message))
            Relay.Receive(message.Topic, message.Payload);
        if (wait > 0 && isIdle && (Link.Inbox is null || Link.Inbox.IsEmpty))
            Time.Advance(Math.Min(wait, 60_000));
    }
}
