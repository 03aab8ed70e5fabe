namespace EdgeMl.Mcu.Device.Energy;

/// <summary>The levels of the energy policy.</summary>
public sealed class EnergySettings
{
    /// <summary>Most levels.</summary>
    public const int LevelsMax = 8;

    /// <summary>Longest time from one radio window to the next in milliseconds: a day. A device that is out of reach for longer cannot be updated.</summary>
    public const int RadioPeriodMax = 86_400_000;

    /// <summary>Shortest radio window in milliseconds: time to join a network, log in and hear what the relay wants.</summary>
    public const int RadioWindowMin = 10_000;

    /// <summary>Charge in percent above a level's own from which the device goes back up to it, 0 to 50.</summary>
    public int HysteresisPercent { get; set; } = 5;

    /// <summary>Length of a radio window in milliseconds, <see cref="RadioWindowMin"/> or more. An update that is going on keeps the window open.</summary>
    public int RadioWindowMilliseconds { get; set; } = 60_000;

    /// <summary>The levels by rising charge; empty for a device that always does what it does with a full battery.</summary>
    public EnergyLevel[] Levels { get; set; } = new EnergyLevel[0];

    /// <summary>Whether the settings are in their ranges and a lower charge never costs more energy than a higher one.</summary>
    public bool AreValid()
    {
        if (Levels.Length > LevelsMax || HysteresisPercent < 0 || HysteresisPercent > 50 || RadioWindowMilliseconds < RadioWindowMin || RadioWindowMilliseconds > RadioPeriodMax)
            return false;
        for (int i = 0; i < Levels.Length; i++)
        {
            EnergyLevel level = Levels[i];
            if (!IsValid(level) || (i == 0 && level.FromPercent != 0) || (i > 0 && !IsThriftier(Levels[i - 1], level)))
                return false;
        }
        return true;
    }

    private bool IsValid(EnergyLevel level)
    {
        int period = level.RadioPeriodMilliseconds;
        return level.FromPercent >= 0 && level.FromPercent <= 100
            && level.IntervalMilliseconds >= 1 && level.IntervalMilliseconds <= Configuration.SensorSettings.IntervalMax
            && (period == 0 || (period >= RadioWindowMilliseconds && period <= RadioPeriodMax))
            && (period != 0 || !level.SleepsDeeply);
    }

    private static bool IsThriftier(EnergyLevel lower, EnergyLevel higher)
    {
        bool radioMore = higher.RadioPeriodMilliseconds != 0 && (lower.RadioPeriodMilliseconds == 0 || lower.RadioPeriodMilliseconds < higher.RadioPeriodMilliseconds);
        return lower.FromPercent < higher.FromPercent && lower.IntervalMilliseconds >= higher.IntervalMilliseconds && !radioMore
            && (lower.RunsEconomyModel || !higher.RunsEconomyModel) && (lower.SleepsDeeply || !higher.SleepsDeeply);
    }
}
