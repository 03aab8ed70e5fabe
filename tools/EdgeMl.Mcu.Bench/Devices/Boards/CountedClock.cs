using System.Diagnostics;

namespace EdgeMl.Mcu.Bench.Devices.Boards;

/// <summary>
/// A board's clock. It runs with the host's, except for inferences that are timed: these take what was counted, however long they take here. It never goes back. Used by one thread at a time.
/// </summary>
internal sealed class CountedClock
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Queue<double> _steps = new();
    private double _shift;
    private double _now;
    private bool _isCounting;
    private bool _isFirst;

    /// <summary>Microseconds since the start.</summary>
    public long Microseconds
    {
        get
        {
            if (!_isCounting)
                return (long)(Elapsed + _shift);
            if (!_isFirst)
                _now += _steps.Dequeue();
            _isFirst = false;
            _isCounting = _steps.Count > 0;
            if (!_isCounting)
                _shift = _now - Elapsed;
            return (long)_now;
        }
    }

    private double Elapsed => Stopwatch.GetElapsedTime(_start).TotalMicroseconds;

    /// <summary>Says what lies between the following readings, the next one being the start.</summary>
    /// <param name="microseconds">From one reading to the next.</param>
    public void Count(IEnumerable<double> microseconds)
    {
        // A whole number to begin with: the same work gives the same difference each time.
        _now = Microseconds;
        _steps.Clear();
        foreach (double step in microseconds)
            _steps.Enqueue(step);
        _isCounting = _steps.Count > 0;
        _isFirst = true;
    }
}
