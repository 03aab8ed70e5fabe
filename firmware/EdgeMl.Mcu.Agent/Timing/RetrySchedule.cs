using EdgeMl.Mcu.Agent.Ports;

namespace EdgeMl.Mcu.Agent.Timing;

/// <summary>How long to wait between repetitions: first and longest wait, and random factors. All of a device's <see cref="Backoff"/>s share one.</summary>
public sealed class RetrySchedule
{
    private readonly RandomSource _random;
    private readonly byte[] _draw = new byte[2];

    /// <summary>Creates a schedule.</summary>
    /// <param name="random">Where the factors come from.</param>
    /// <param name="first">Milliseconds of the first wait, 1 or more.</param>
    /// <param name="last">Milliseconds of the longest wait, up to 2^29.</param>
    public RetrySchedule(RandomSource random, int first, int last)
    {
        _random = random;
        First = first;
        Last = last;
    }

    /// <summary>Milliseconds of the first wait.</summary>
    public int First { get; }

    /// <summary>Milliseconds of the longest wait.</summary>
    public int Last { get; }

    /// <summary>A wait times a random factor of 0.5 to 1.5.</summary>
    /// <param name="wait">Milliseconds, up to 2^29.</param>
    public int Spread(int wait)
    {
        _random.Fill(_draw, 0, 2);
        int factor = 32768 + (_draw[0] | (_draw[1] << 8));
        return (int)(((long)wait * factor) >> 16);
    }
}
