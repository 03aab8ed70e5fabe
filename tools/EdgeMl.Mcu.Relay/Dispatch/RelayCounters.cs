namespace EdgeMl.Mcu.Relay.Dispatch;

/// <summary>What the relay has counted since its start.</summary>
internal sealed class RelayCounters
{
    /// <summary>Messages of unknown devices, or whose tag does not fit.</summary>
    public long Unverified;

    /// <summary>Messages that are not what the protocol says.</summary>
    public long Malformed;

    /// <summary>Statuses and results of another connection, or that came before.</summary>
    public long Stale;

    /// <summary>Hellos.</summary>
    public long Hellos;

    /// <summary>Statuses that were stored.</summary>
    public long Statuses;

    /// <summary>Result records that were stored.</summary>
    public long Results;

    /// <summary>Requests for chunks.</summary>
    public long ChunkRequests;

    /// <summary>Chunks that were published.</summary>
    public long ChunksPublished;

    /// <summary>Desired states that were sent.</summary>
    public long DesiredSent;

    /// <summary>Acknowledgements that were sent.</summary>
    public long AcksSent;

    /// <summary>Batches of messages that the database did not take.</summary>
    public long StorageFailures;
}
