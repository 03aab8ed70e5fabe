namespace EdgeMl.Mcu.Agent.Tests.Devices;

/// <summary>Time that passes when a test says so, in milliseconds.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long _now = 1;

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => _now;

    public void Advance(long milliseconds) => _now += milliseconds;
}
