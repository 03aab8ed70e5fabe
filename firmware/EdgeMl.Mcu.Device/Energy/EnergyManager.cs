using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Agent.Timing;

namespace EdgeMl.Mcu.Device.Energy;

/// <summary>Carries the energy policy out over deep sleeps: which level holds, whether the radio is on, and how long the device may sleep.</summary>
public sealed class EnergyManager
{
    /// <summary>Shortest deep sleep in milliseconds: less is not worth the restart that ends it.</summary>
    public const int SleepMin = 5_000;

    private readonly EnergyPolicy _policy;
    private readonly RadioSchedule _radio;
    private readonly EnergyRecord _record;

    /// <summary>Creates it.</summary>
    /// <param name="settings">Valid settings.</param>
    /// <param name="intervalMilliseconds">Time from one inference to the next where there are no levels.</param>
    /// <param name="store">Remembers through deep sleep; null for a board that has none.</param>
    public EnergyManager(EnergySettings settings, int intervalMilliseconds, FileStore store)
    {
        _policy = new EnergyPolicy(settings, intervalMilliseconds);
        _radio = new RadioSchedule(settings.RadioWindowMilliseconds);
        _record = new EnergyRecord(store);
    }

    /// <summary>The level that holds.</summary>
    public EnergyLevel Level => _policy.Level;

    /// <summary>Whether the radio is to be on.</summary>
    public bool IsRadioOn => _radio.IsOn;

    /// <summary>Takes up where the device went to sleep. After any other start the radio is switched on at once: somebody may be waiting for the device.</summary>
    /// <param name="now">Milliseconds since the start.</param>
    /// <param name="time">Milliseconds of a clock that runs through deep sleep.</param>
    /// <param name="isWake">Whether deep sleep came before this start.</param>
    public void Open(long now, long time, bool isWake)
    {
        if (!_record.Read())
            return;
        _policy.Restore(_record.Level);
        if (!isWake)
            return;
        long gap = RadioGap();
        long passed = time - _record.WindowEnd;
        if (passed >= 0 && passed < gap)
            _radio.Restore(now, (int)(gap - passed));
    }

    /// <summary>Chooses the level and switches the radio.</summary>
    /// <param name="now">Milliseconds since the start.</param>
    /// <param name="time">Milliseconds of a clock that runs through deep sleep.</param>
    /// <param name="batteryPercent">Charge, as <see cref="EnergyPolicy.Update"/> takes it.</param>
    /// <param name="isUpdating">Whether an update goes on.</param>
    public void Step(long now, long time, int batteryPercent, bool isUpdating)
    {
        bool isChanged = _policy.Update(batteryPercent);
        bool isClosed = _radio.Step(now, Level.RadioPeriodMilliseconds, isUpdating);
        if (isClosed || isChanged)
            _record.Write(_policy.Index, isClosed ? time : _record.WindowEnd);
    }

    /// <summary>How long the device may sleep deeply now.</summary>
    /// <param name="now">Milliseconds since the start.</param>
    /// <param name="wait">Milliseconds until there is something to do.</param>
    /// <returns>Milliseconds, <see cref="SleepMin"/> or more; 0 where it stays awake.</returns>
    public int SleepMilliseconds(long now, int wait)
    {
        if (!Level.SleepsDeeply || IsRadioOn)
            return 0;
        int remaining = Wait(now);
        int sleep = remaining < wait ? remaining : wait;
        return sleep < SleepMin || sleep == Deadline.Never ? 0 : sleep;
    }

    /// <summary>Milliseconds until the radio is to be switched.</summary>
    /// <param name="now">Milliseconds since the start.</param>
    public int Wait(long now)
    {
        return _radio.Remaining(now);
    }

    /// <summary>Milliseconds from the end of one window to the beginning of the next.</summary>
    private long RadioGap()
    {
        return (long)Level.RadioPeriodMilliseconds - _radio.WindowMilliseconds;
    }
}
