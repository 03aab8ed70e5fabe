namespace EdgeMl.Mcu.Relay.Dispatch;

/// <summary>The waits of <see cref="ChunkCampaign"/>.</summary>
internal sealed record ChunkTiming
{
    /// <summary>The present rules.</summary>
    public static ChunkTiming Default { get; } = new();

    /// <summary>The least time for which requests are collected before a wave.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>After a device was told of the blob, others may be told for as long.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>When no further device has asked for as long, and for as long as all of them took last time, those that have not are late.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest time for which requests are collected before a wave.</summary>
    public TimeSpan GatherMax { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The longest wait of a repeat for the end of what is new.</summary>
    public TimeSpan RepeatMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After a publish, requests within this time are taken as sent before it; it doubles with each repeat.</summary>
    public TimeSpan GraceBase { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>What each device adds to it, since all of them share broker and network.</summary>
    public TimeSpan GracePerDevice { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>How far it doubles at least: a chunk may have been published often because it was lost, and not because messages take long.</summary>
    public TimeSpan GraceMaxBase { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What each device adds to that.</summary>
    public TimeSpan GraceMaxPerDevice { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The longest such time.</summary>
    public TimeSpan GraceMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>After this time without a request, a campaign is over: what comes then is a new one.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(60);
}
