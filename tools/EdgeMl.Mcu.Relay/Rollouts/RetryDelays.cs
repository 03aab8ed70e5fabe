using System.Collections.Concurrent;

namespace EdgeMl.Mcu.Relay.Rollouts;

/// <summary>Until when a failed device is left alone before its next order, on the clock that goes evenly. Lost with the process, which only makes the wait shorter.</summary>
internal sealed class RetryDelays(TimeSpan first)
{
    private const int DoublingsMax = 6;

    private readonly ConcurrentDictionary<(long Rollout, string Device), TimeSpan> _until = new();

    /// <summary>Begins a wait, which doubles with the orders that have failed.</summary>
    public void Set(long rollout, string device, int orders, TimeSpan now) =>
        _until[(rollout, device)] = now + (first * (1 << Math.Clamp(orders - 1, 0, DoublingsMax)));

    /// <summary>Whether the wait is over; it is forgotten then.</summary>
    public bool IsOver(long rollout, string device, TimeSpan now)
    {
        if (!_until.TryGetValue((rollout, device), out TimeSpan until))
            return true;
        return now >= until && _until.TryRemove((rollout, device), out _);
    }

    /// <summary>Whether any wait is not over.</summary>
    public bool Any => !_until.IsEmpty;
}
