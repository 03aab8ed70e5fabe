using System.Collections;

namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>The state of a client that outlives a connection (MQTT 3.1.1, 4.1).</summary>
internal sealed class Session(string clientId, string? userName, bool isClean, BrokerLimits limits, BrokerCounters counters)
{
    private readonly Lock _receivedLock = new();
    private BitArray? _received;

    public string ClientId { get; } = clientId;

    /// <summary>The user that the session belongs to.</summary>
    public string? UserName { get; } = userName;

    /// <summary>Whether it ends with its connection.</summary>
    public bool IsClean { get; } = isClean;

    public OutboundQueue Outbound { get; } = new(limits, counters);

    /// <summary>Belongs to <see cref="SessionStore"/>.</summary>
    public BrokerConnection? Connection { get; set; }

    /// <summary>When the connection ended, in milliseconds of <see cref="Environment.TickCount64"/>. Belongs to <see cref="SessionStore"/>.</summary>
    public long DisconnectedAt { get; set; }

    /// <summary>The filters that are subscribed to. Belongs to <see cref="Router"/>.</summary>
    public HashSet<string> Filters { get; } = new(StringComparer.Ordinal);

    /// <summary>The number of the last message routed here, and its place among the receivers. Belongs to <see cref="Router"/>.</summary>
    public (long Message, int Place) LastMatch { get; set; }

    /// <summary>Notes the identifier of a QoS 2 message that came in; false if it is noted already, so the message is a repetition.</summary>
    public bool TryReceive(ushort id)
    {
        lock (_receivedLock)
        {
            _received ??= new BitArray(ushort.MaxValue + 1);
            if (_received[id])
                return false;
            _received[id] = true;
            return true;
        }
    }

    /// <summary>PUBREL: the identifier may be used for another message.</summary>
    public void Forget(ushort id)
    {
        lock (_receivedLock)
        {
            if (_received is not null)
                _received[id] = false;
        }
    }
}
