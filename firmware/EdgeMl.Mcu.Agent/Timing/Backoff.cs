namespace EdgeMl.Mcu.Agent.Timing;

/// <summary>The deadline of repetitions: after the first wait of a schedule, then doubled up to the last, each times a random factor.</summary>
public sealed class Backoff : Deadline
{
    private readonly RetrySchedule _schedule;
    private int _nextWait;

    /// <summary>Creates a back-off; it is not set.</summary>
    public Backoff(RetrySchedule schedule)
    {
        _schedule = schedule;
        _nextWait = schedule.First;
    }

    /// <summary>Number of waits since <see cref="Reset"/>.</summary>
    public int Waits { get; private set; }

    /// <summary>Begins the next wait.</summary>
    /// <param name="now">Milliseconds of the clock.</param>
    public void Next(long now)
    {
        Set(now, _schedule.Spread(_nextWait));
        _nextWait = _nextWait > _schedule.Last >> 1 ? _schedule.Last : _nextWait << 1;
        Waits++;
    }

    /// <summary>Starts again with the first wait; nothing is waited for now, and it is not due.</summary>
    public void Reset()
    {
        _nextWait = _schedule.First;
        Waits = 0;
        Clear();
    }

    /// <summary>Starts again with the first wait and makes it due at once.</summary>
    /// <param name="now">Milliseconds of the clock.</param>
    public void Restart(long now)
    {
        Reset();
        Set(now, 0);
    }
}
