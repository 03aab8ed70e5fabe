namespace EdgeMl.Mcu.Agent;

/// <summary>What the agent has counted since the device started. In <c>status</c> they are an array in the order of these fields.</summary>
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

    /// <summary>Messages for which the inbox had no room.</summary>
    public int Overflowed { get; internal set; }

    /// <summary>Chunks that were taken.</summary>
    public int Chunks { get; internal set; }

    /// <summary>Requests for chunks.</summary>
    public int Requests { get; internal set; }

    /// <summary>Results that were given up.</summary>
    public int ResultsDropped { get; internal set; }
}
