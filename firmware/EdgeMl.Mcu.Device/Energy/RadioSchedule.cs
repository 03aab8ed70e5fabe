using EdgeMl.Mcu.Agent.Timing;

namespace EdgeMl.Mcu.Device.Energy;

/// <summary>
/// When the radio is on: always, or in windows of which one begins every period. A window stays open while an update goes on, up to
/// <see cref="WindowsPerUpdate"/> times its length.
/// </summary>
public sealed class RadioSchedule
{
    /// <summary>How many times longer an update may keep a window open than it is.</summary>
    public const int WindowsPerUpdate = 10;

    private readonly int _window;
    private readonly Deadline _close = new Deadline();
    private readonly Deadline _closeUpdate = new Deadline();
    private readonly Deadline _open = new Deadline();
    private int _period;

    /// <summary>Creates a schedule whose radio is off and due to be switched on.</summary>
    /// <param name="windowMilliseconds">Length of a window.</param>
    public RadioSchedule(int windowMilliseconds)
    {
        _window = windowMilliseconds;
    }

    /// <summary>Length of a window in milliseconds.</summary>
    public int WindowMilliseconds => _window;

    /// <summary>Whether the radio is to be on.</summary>
    public bool IsOn { get; private set; }

    /// <summary>Sets when the next window begins, for a device that wakes between two.</summary>
    /// <param name="now">Milliseconds of the clock.</param>
    /// <param name="remaining">Milliseconds until then.</param>
    public void Restore(long now, int remaining)
    {
        IsOn = false;
        _period = remaining;
        _open.Set(now, remaining);
    }

    /// <summary>Opens or closes a window where it is time.</summary>
    /// <param name="now">Milliseconds of the clock.</param>
    /// <param name="period">Milliseconds from the beginning of one window to that of the next; 0 where the radio stays on.</param>
    /// <param name="isUpdating">Whether an update goes on.</param>
    /// <returns>Whether a window has ended.</returns>
    public bool Step(long now, int period, bool isUpdating)
    {
        bool isShorter = period < _period;
        _period = period;
        if (IsOn)
            return Close(now, period, isUpdating);
        if (isShorter && _open.Remaining(now) > period)
            _open.Set(now, period);
        if (period == 0 || !_open.IsSet || _open.IsDue(now))
            Open(now, period);
        return false;
    }

    /// <summary>Milliseconds until <see cref="Step"/> has something to do.</summary>
    /// <param name="now">Milliseconds of the clock.</param>
    public int Remaining(long now)
    {
        if (!IsOn)
            return _open.IsSet ? _open.Remaining(now) : 0;
        return _period == 0 ? Deadline.Never : _close.Remaining(now);
    }

    private void Open(long now, int period)
    {
        IsOn = true;
        _open.Set(now, period);
        _close.Set(now, _window);
        _closeUpdate.Set(now, _window * (long)WindowsPerUpdate > int.MaxValue ? Deadline.Never - 1 : _window * WindowsPerUpdate);
    }

    private bool Close(long now, int period, bool isUpdating)
    {
        if (period == 0)
        {
            // The window begins again when the radio is no longer always on.
            Open(now, period);
            return false;
        }
        if (!_close.IsDue(now) || (isUpdating && !_closeUpdate.IsDue(now)))
            return false;
        IsOn = false;
        int passed = _window > period ? period : _window;
        _open.Set(now, period - passed);
        return true;
    }
}
