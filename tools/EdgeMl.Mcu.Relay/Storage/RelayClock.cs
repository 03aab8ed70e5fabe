namespace EdgeMl.Mcu.Relay.Storage;

/// <summary>The relay's two clocks: one for people, which may jump, and one that only goes forward.</summary>
internal sealed class RelayClock(TimeProvider provider)
{
    private readonly DateTimeOffset _startedAt = provider.GetUtcNow();
    private readonly long _start = provider.GetTimestamp();

    /// <summary>The time as people see it; for display and records only.</summary>
    public DateTimeOffset WallTime => provider.GetUtcNow();

    /// <summary>The same in milliseconds since 1970.</summary>
    public long WallTimeMs => WallTime.ToUnixTimeMilliseconds();

    /// <summary>Time since the start; goes evenly.</summary>
    public TimeSpan Elapsed => provider.GetElapsedTime(_start);

    /// <summary>The time of the start plus what has gone by since: expiry is judged by it, so that a clock that jumps expires nothing.</summary>
    public DateTimeOffset SteadyTime => _startedAt + Elapsed;
}
