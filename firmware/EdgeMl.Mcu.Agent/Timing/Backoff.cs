using EdgeMl.Mcu.Agent.Ports;

namespace EdgeMl.Mcu.Agent.Timing;

/// <summary>Waits between repetitions: the first, then doubled up to the last, each times a random factor of 0.5 to 1.5.</summary>
public sealed class Backoff
{
    private readonly RandomSource _random;
    private readonly byte[] _draw = new byte[2];
    private readonly Deadline _deadline = new Deadline();
    private readonly int _firstWait;
    private readonly int _lastWait;
    private int _wait;

    /// <summary>Creates a back-off; it is not set.</summary>
    /// <param name="random">Where the factors come from.</param>
    /// <param name="firstWait">Milliseconds of the first wait, 1 or more.</param>
    /// <param name="lastWait">Milliseconds of the longest wait, up to 2^29.</param>
    public Backoff(RandomSource random, int firstWait, int lastWait)
    {
        _random = random;
        _firstWait = firstWait;
        _lastWait = lastWait;
        _wait = firstWait;
    }

    /// <summary>Number of waits since <see cref="Reset"/>.</summary>
    public int Waits { get; private set; }

    /// <summary>Begins the next wait.</summary>
    /// <param name="now">Milliseconds of the clock.</param>
    public void Next(long now)
    {
        _random.Fill(_draw, 0, 2);
        int factor = 32768 + (_draw[0] | (_draw[1] << 8));
        _deadline.Set(now, (int)(((long)_wait * factor) >> 16));
        _wait = _wait > _lastWait >> 1 ? _lastWait : _wait << 1;
        Waits++;
    }

    /// <summary>Starts again with the first wait; nothing is waited for now, and it is not due.</summary>
    public void Reset()
    {
        _wait = _firstWait;
        Waits = 0;
        _deadline.Clear();
    }

    /// <summary>Starts again with the first wait and makes it due at once.</summary>
    /// <param name="now">Milliseconds of the clock.</param>
    public void Restart(long now)
    {
        Reset();
        _deadline.Set(now, 0);
    }

    /// <summary>Whether a wait was begun and is over.</summary>
    /// <param name="now">Milliseconds of the clock.</param>
    public bool IsDue(long now)
    {
        return _deadline.IsDue(now);
    }

    /// <summary>Milliseconds until it is due; <see cref="Deadline.Never"/> where nothing is waited for.</summary>
    /// <param name="now">Milliseconds of the clock.</param>
    public int Remaining(long now)
    {
        return _deadline.Remaining(now);
    }
}
