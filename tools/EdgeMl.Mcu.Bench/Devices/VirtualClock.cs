using EdgeMl.Mcu.Agent.Ports;

namespace EdgeMl.Mcu.Bench.Devices;

/// <summary>A device's clock on a time provider. It can jump.</summary>
/// <param name="time">Where time comes from.</param>
public sealed class VirtualClock(TimeProvider time) : DeviceClock
{
    private readonly long _start = time.GetTimestamp();
    private long _offset;

    /// <inheritdoc/>
    public override long Milliseconds => (long)time.GetElapsedTime(_start).TotalMilliseconds + _offset;

    /// <summary>Jumps.</summary>
    public void Jump(TimeSpan by) => _offset += (long)by.TotalMilliseconds;
}
