namespace EdgeMl.Mcu.Bench.Flash;

/// <summary>
/// What a simulated device has told the world, as some numbers: power loss does not take it back, so what the device knows after its next start must agree with it. The device's code
/// sets a number when an operation that promises something has returned, and compares when it starts.
/// </summary>
public sealed class Announcements
{
    /// <summary>How many numbers there are.</summary>
    public const int Count = 8;

    private readonly long[] _values = new long[Count];

    /// <summary>Nothing was told: all numbers are 0.</summary>
    public Announcements()
    {
    }

    internal Announcements(Announcements other) => other._values.CopyTo(_values, 0);

    /// <summary>A number, by an index from 0 to <see cref="Count"/> - 1.</summary>
    public long this[int index]
    {
        get => _values[index];
        set => _values[index] = value;
    }

    internal ReadOnlySpan<long> Values => _values;
}
