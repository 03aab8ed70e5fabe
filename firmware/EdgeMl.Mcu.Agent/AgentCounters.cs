namespace EdgeMl.Mcu.Agent;

/// <summary>
/// What the agent has counted since the device started. In <c>status</c> they are an array: unverified, stale and malformed messages, damaged chunks, messages for
/// which there was no room, chunks taken, requests, results given up.
/// </summary>
public sealed class AgentCounters
{
    /// <summary>Number of counters in a status.</summary>
    public const int Count = 8;

    /// <summary>Messages whose tag was not right.</summary>
    public int Unverified { get; internal set; }

    /// <summary>Messages of another session, or not newer than the last one.</summary>
    public int Stale { get; internal set; }

    /// <summary>Messages that were not what the protocol says, chunks among them.</summary>
    public int Malformed { get; internal set; }

    /// <summary>Chunks whose hash was not right.</summary>
    public int Damaged { get; internal set; }

    /// <summary>Chunks that were taken.</summary>
    public int Chunks { get; internal set; }

    /// <summary>Requests for chunks.</summary>
    public int Requests { get; internal set; }
}
