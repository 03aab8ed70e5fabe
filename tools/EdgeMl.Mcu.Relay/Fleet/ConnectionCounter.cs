using EdgeMl.Mcu.Mqtt.Broker;

namespace EdgeMl.Mcu.Relay.Fleet;

/// <summary>Follows the connections of the embedded broker. A device that comes back before its old connection has ended has two for a moment. Thread-safe.</summary>
/// <param name="onGone">Is told when the last connection of a device has ended.</param>
internal sealed class ConnectionCounter(Action<string> onGone)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _connections = new(StringComparer.Ordinal);

    /// <summary>Takes an event of the broker.</summary>
    public void Observe(BrokerEvent change)
    {
        int step = change.Kind switch
        {
            BrokerEventKind.Connected => 1,
            BrokerEventKind.Disconnected => -1,
            _ => 0,
        };
        if (step == 0 || change.ClientId is not { } device)
            return;
        lock (_lock)
        {
            int count = _connections.GetValueOrDefault(device) + step;
            if (count > 0)
            {
                _connections[device] = count;
                return;
            }
            _connections.Remove(device);
        }
        onGone(device);
    }
}
