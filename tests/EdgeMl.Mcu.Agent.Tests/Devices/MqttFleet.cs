using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Bench.Devices;
using EdgeMl.Mcu.Mqtt;
using EdgeMl.Mcu.Mqtt.Broker;
using EdgeMl.Mcu.Mqtt.Client;

namespace EdgeMl.Mcu.Agent.Tests.Devices;

/// <summary>Virtual devices on a real broker, each with the least of a relay.</summary>
internal sealed class MqttFleet : IAsyncDisposable
{
    private readonly MqttBroker _broker = new(new BrokerOptions { Listeners = [new BrokerListener(new IPEndPoint(IPAddress.Loopback, 0))], Access = new FleetOnly() });
    private readonly ConcurrentDictionary<string, TestRelay> _relays = new();
    private readonly ConcurrentDictionary<(string, string), long> _published = new();
    private IAsyncDisposable? _subscription;

    public VirtualFleet Devices { get; } = new();

    public IReadOnlyCollection<TestRelay> Relays => [.. _relays.Values];

    public static async Task<MqttFleet> StartAsync()
    {
        var fleet = new MqttFleet();
        await fleet._broker.StartAsync();
        fleet._subscription = await fleet._broker.SubscribeAsync(["edgeml/+/up/+/+"], (message, _) =>
        {
            string[] levels = message.Topic.Split('/');
            if (levels[4] != "offline" && fleet._relays.TryGetValue(levels[3], out TestRelay? relay))
            {
                lock (relay)
                    relay.Receive(message.Topic, message.Payload.ToArray());
            }
            return ValueTask.CompletedTask;
        });
        return fleet;
    }

    /// <summary>Adds a device and switches it on.</summary>
    public VirtualDevice Add(string id, VirtualDeviceOptions options, TimeSpan delay = default)
    {
        byte[] key = FleetOnly.KeyOf(id);
        var settings = new AgentSettings { Fleet = TestRelay.Fleet, Device = id, DeviceKey = key, PublisherKey = TestModel.Key.HssPublicKey(), SlotBytes = 64 * 1024 };
        var topics = new DeviceTopics(TestRelay.Fleet, id);
        var link = new MqttDeviceLink(new MqttClientOptions
        {
            Host = "127.0.0.1",
            Port = _broker.EndPoints[0].Port,
            ClientId = id,
            UserName = id,
            Password = DeviceKeys.Password(key),
            Will = new MqttMessage(topics.Offline, ReadOnlyMemory<byte>.Empty, QualityOfService.AtLeastOnce),
        });
        _relays[id] = new TestRelay(id, key, Publish);
        var device = new VirtualDevice(settings, link, options);
        Devices.Add(device, delay);
        return device;
    }

    /// <summary>Gives all devices an order.</summary>
    public void Order(TestOrder order)
    {
        foreach (TestRelay relay in _relays.Values)
        {
            lock (relay)
                relay.Order(order);
        }
    }

    /// <summary>Whether every device runs a model, and its relay has heard of it.</summary>
    public bool AllRun(TestModel model) => Devices.Devices.All(device =>
    {
        TestRelay relay = _relays[device.Id];
        lock (relay)
            return relay.Outcomes.TryGetValue(relay.Attempt, out TestStatus? outcome) && outcome.State == 6 && outcome.Running.AsSpan().SequenceEqual(model.Id);
    });

    public async ValueTask DisposeAsync()
    {
        await Devices.DisposeAsync();
        if (_subscription is not null)
            await _subscription.DisposeAsync();
        await _broker.DisposeAsync();
    }

    private void Publish(string topic, byte[] payload)
    {
        // A chunk that was sent a moment ago is on its way to all who wait for it.
        if (topic.Contains("/chunk/", StringComparison.Ordinal))
        {
            long now = Environment.TickCount64;
            var key = (topic, Convert.ToHexString(payload.AsSpan(0, 4)));
            long before = _published.GetOrAdd(key, long.MinValue);
            if (before > now - 100 || !_published.TryUpdate(key, now, before))
                return;
        }
        _ = _broker.PublishAsync(new MqttMessage(topic, payload, topic.Contains("/down/", StringComparison.Ordinal) ? QualityOfService.AtLeastOnce : QualityOfService.AtMostOnce)).AsTask();
    }

    /// <summary>Devices with their passwords, on their own topics.</summary>
    private sealed class FleetOnly : IBrokerAccess
    {
        public static byte[] KeyOf(string id) => SHA256.HashData(Encoding.ASCII.GetBytes("key of " + id));

        public ValueTask<ConnectReturnCode> AuthenticateAsync(ConnectRequest request, CancellationToken cancellationToken)
        {
            string password = Encoding.ASCII.GetString((request.Password ?? default).Span);
            bool isRight = request.Client.UserName is { } user && user == request.Client.ClientId && password == DeviceKeys.Password(KeyOf(user));
            return ValueTask.FromResult(isRight ? ConnectReturnCode.Accepted : ConnectReturnCode.BadUserNameOrPassword);
        }

        public bool MayPublish(BrokerClient client, ReadOnlySpan<char> topic) => topic.StartsWith($"edgeml/{TestRelay.Fleet}/up/{client.ClientId}/", StringComparison.Ordinal);

        public bool MaySubscribe(BrokerClient client, string filter) =>
            filter == $"edgeml/{TestRelay.Fleet}/down/{client.ClientId}/+" || (filter.StartsWith($"edgeml/{TestRelay.Fleet}/chunk/", StringComparison.Ordinal) && !filter.EndsWith('#') && !filter.EndsWith('+'));
    }
}
