namespace EdgeMl.Mcu.Relay.Tests.Support;

/// <summary>A calendar clock that jumps at will, and an even one that can be put forward.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private TimeSpan _calendar, _elapsed;

    /// <summary>Time goes by, on both clocks.</summary>
    public void Elapse(TimeSpan time) => _elapsed += time;

    /// <summary>Somebody sets the calendar clock.</summary>
    public void Jump(TimeSpan by) => _calendar += by;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _calendar + _elapsed;

    public override long GetTimestamp() => base.GetTimestamp() + (long)(_elapsed.TotalSeconds * TimestampFrequency);
}
