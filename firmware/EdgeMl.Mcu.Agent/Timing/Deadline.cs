namespace EdgeMl.Mcu.Agent.Timing;

/// <summary>
/// A time from which on something is due, as a wait since a start. A clock that jumps forward makes it due; after one that jumps back it is due at once, and
/// never later than the wait.
/// </summary>
public class Deadline
{
    /// <summary>What <see cref="Remaining"/> says of a deadline that is not set; the longest wait of all.</summary>
    public const int Never = int.MaxValue;

    private long _start;
    private int _wait = Never;

    /// <summary>Whether it is set.</summary>
    public bool IsSet => _wait != Never;

    /// <summary>Sets it.</summary>
    /// <param name="now">Milliseconds of the clock.</param>
    /// <param name="wait">Milliseconds from then on, 0 or more.</param>
    public void Set(long now, int wait)
    {
        _start = now;
        _wait = wait;
    }

    /// <summary>It is no longer set and never due.</summary>
    public void Clear()
    {
        _wait = Never;
    }

    /// <summary>Whether it is set and the wait is over.</summary>
    /// <param name="now">Milliseconds of the clock.</param>
    public bool IsDue(long now)
    {
        return Remaining(now) == 0;
    }

    /// <summary>Milliseconds until it is due, 0 where it is; <see cref="Never"/> where it is not set.</summary>
    /// <param name="now">Milliseconds of the clock.</param>
    public int Remaining(long now)
    {
        if (_wait == Never)
            return Never;
        long passed = now - _start;
        return passed < 0 || passed >= _wait ? 0 : _wait - (int)passed;
    }
}
