namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>The running counts behind <see cref="BrokerStatistics"/>; changed with <see cref="Interlocked"/>.</summary>
internal sealed class BrokerCounters
{
    public int Connections;
    public int Subscriptions;
    public long MessagesReceived;
    public long MessagesSent;
    public long MessagesDropped;
    public long MessagesNotRetained;
    public long Denied;
    public long Refused;
    public long ProtocolErrors;

    public BrokerStatistics Snapshot(int sessions, int retained) => new()
    {
        Connections = Volatile.Read(ref Connections),
        Sessions = sessions,
        Subscriptions = Volatile.Read(ref Subscriptions),
        Retained = retained,
        MessagesReceived = Interlocked.Read(ref MessagesReceived),
        MessagesSent = Interlocked.Read(ref MessagesSent),
        MessagesDropped = Interlocked.Read(ref MessagesDropped),
        MessagesNotRetained = Interlocked.Read(ref MessagesNotRetained),
        Denied = Interlocked.Read(ref Denied),
        Refused = Interlocked.Read(ref Refused),
        ProtocolErrors = Interlocked.Read(ref ProtocolErrors),
    };
}
