using EdgeMl.Mcu.Bench.Devices;

namespace EdgeMl.Mcu.Agent.Tests.Devices;

/// <summary>A link whose broker is a queue that the test empties.</summary>
internal sealed class DirectLink : VirtualLink
{
    private int _connections;
    private int _connection;

    public override int Connection => _connection;

    /// <summary>Messages of the device that nobody has taken yet.</summary>
    public Queue<(string Topic, byte[] Payload)> Uplink { get; } = new();

    /// <summary>Filters that the device has subscribed to on this connection.</summary>
    public HashSet<string> Subscriptions { get; } = [];

    public override bool Subscribe(string filter, int quality) => _connection != 0 && (Subscriptions.Add(filter) || true);

    public override bool Unsubscribe(string filter) => _connection != 0 && (Subscriptions.Remove(filter) || true);

    /// <summary>Publishes to the device, if it has subscribed.</summary>
    public void Deliver(string topic, byte[] payload)
    {
        bool isDown = topic.Contains("/down/", StringComparison.Ordinal);
        if (Subscriptions.Contains(isDown ? topic[..(topic.LastIndexOf('/') + 1)] + "+" : topic))
            Receive(topic, payload);
    }

    protected override void Open()
    {
        if (_connection != 0)
            return;
        Subscriptions.Clear();
        _connection = ++_connections;
    }

    protected override void Drop()
    {
        _connection = 0;
        Subscriptions.Clear();
    }

    protected override void Send(string topic, byte[] payload, int quality) => Uplink.Enqueue((topic, payload));
}
