namespace EdgeMl.Mcu.Relay.Dispatch;

/// <summary>The waits of <see cref="ChunkCampaign"/>.</summary>
internal sealed record ChunkTiming
{
    /// <summary>The present rules.</summary>
    public static ChunkTiming Default { get; } = new();

    /// <summary>How long requests for one chunk are collected.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>After this time without a new device the first publish waits for no more of them.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromMilliseconds(750);

    /// <summary>The longest wait before the first publish.</summary>
    public TimeSpan GatherMax { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>After this time without a new device a repeat waits for no more of them.</summary>
    public TimeSpan RepeatQuiet { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>The longest wait before a repeat.</summary>
    public TimeSpan RepeatMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After a publish, requests within this time are taken as sent before it; it doubles with each repeat.</summary>
    public TimeSpan GraceBase { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>What each device adds to it, since all of them share broker and network.</summary>
    public TimeSpan GracePerDevice { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>After this time without a request, a campaign is over: what comes then is a new one.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(60);
}
