using EdgeMl.Mcu.Mqtt.Topics;

namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>Bounds of what clients can make a broker hold or wait for.</summary>
/// <remarks>
/// A client costs at most <see cref="QueueBytesMax"/> of messages and a few packets of buffers. A message for a client whose queue is full is
/// dropped: the newest one, of every quality of service, for that client only; <see cref="BrokerStatistics.MessagesDropped"/> counts it.
/// Publishers and other subscribers are never held up.
/// </remarks>
public sealed record BrokerLimits
{
    /// <summary>Connections at once, those included that did not send CONNECT yet; more are closed as they come.</summary>
    public int ClientsMax { get; init; } = 10_000;

    /// <summary>Sessions at once, connected or not. For a new one the session that has been away longest is forgotten.</summary>
    public int SessionsMax { get; init; } = 20_000;

    /// <summary>How long a session is kept without a connection.</summary>
    public TimeSpan SessionExpiry { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Bytes of a packet, fixed header included; a larger one closes the connection.</summary>
    public int PacketBytesMax { get; init; } = 256 * 1024;

    /// <summary>Characters of a client identifier; a longer one is refused.</summary>
    public int ClientIdLengthMax { get; init; } = 256;

    /// <summary>Levels of a topic name (more close the connection) and of a filter (more are refused).</summary>
    public int TopicLevelsMax { get; init; } = 32;

    /// <summary>Subscriptions of a client; more are refused.</summary>
    public int SubscriptionsMax { get; init; } = 256;

    /// <summary>Messages that wait for a client.</summary>
    public int QueueLengthMax { get; init; } = 1_000;

    /// <summary>Bytes of the messages that wait for a client or for its acknowledgement. Messages that go to several clients exist once and count for each.</summary>
    public long QueueBytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>Messages that were sent to a client and are not acknowledged, 1 to 65,535.</summary>
    public int InflightMax { get; init; } = 64;

    /// <summary>Messages that wait for a handler in this process; beyond that, clients that publish to it are not read from for a while.</summary>
    public int InProcessQueueLengthMax { get; init; } = 4_096;

    /// <summary>Bytes of topics and payloads that wait for a handler in this process; beyond that, clients that publish to it are not read from for a while.</summary>
    public long InProcessQueueBytesMax { get; init; } = 32 * 1024 * 1024;

    /// <summary>Retained messages; more are delivered but not retained.</summary>
    public int RetainedMax { get; init; } = 50_000;

    /// <summary>Bytes of all retained messages.</summary>
    public long RetainedBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>Time from the connection to the end of authentication.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client may take nothing of what is sent to it.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long stopping waits for clients to take what waits for them.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(2);

    // Searches in the tree of topics recurse once a level.
    internal void CheckLevels(string path, string parameter)
    {
        if (TopicName.LevelsOf(path) > TopicLevelsMax)
            throw new ArgumentException($"A topic has {TopicName.LevelsOf(path):N0} levels; the limit is {TopicLevelsMax}.", parameter);
    }

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ClientsMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(SessionsMax, ClientsMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(PacketBytesMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(TopicLevelsMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(TopicLevelsMax, 1_000);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(QueueLengthMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(InProcessQueueLengthMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(InProcessQueueBytesMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(InflightMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(InflightMax, ushort.MaxValue);
    }
}
