using EdgeMl.Mcu.Agent.Ports;

namespace EdgeMl.Mcu.Device.Energy;

/// <summary>
/// Chooses the level for a charge of the battery: down as soon as the charge is below the present one, up only when it is the hysteresis above a higher one, so
/// that a charge that swings by less does not change the level again and again.
/// </summary>
public sealed class EnergyPolicy
{
    private readonly EnergySettings _settings;
    private readonly EnergyLevel _unlimited;

    /// <summary>Creates a policy that holds the highest level.</summary>
    /// <param name="settings">Valid settings.</param>
    /// <param name="intervalMilliseconds">Time from one inference to the next where there are no levels.</param>
    public EnergyPolicy(EnergySettings settings, int intervalMilliseconds)
    {
        _settings = settings;
        _unlimited = new EnergyLevel { IntervalMilliseconds = intervalMilliseconds };
        Index = settings.Levels.Length - 1;
    }

    /// <summary>Number of the level that holds, from 0 for the lowest; -1 where there are no levels.</summary>
    public int Index { get; private set; }

    /// <summary>The level that holds.</summary>
    public EnergyLevel Level => Index < 0 ? _unlimited : _settings.Levels[Index];

    /// <summary>Takes up a level that held before the device slept.</summary>
    /// <param name="index">Its number; one that there is no level for is ignored.</param>
    public void Restore(int index)
    {
        if (index >= 0 && index < _settings.Levels.Length)
            Index = index;
    }

    /// <summary>Chooses the level for a charge.</summary>
    /// <param name="percent">0 to 100, or <see cref="BoardHealth.NoBattery"/> for a device that need not spare energy.</param>
    /// <returns>Whether another level holds now.</returns>
    public bool Update(int percent)
    {
        int before = Index;
        EnergyLevel[] levels = _settings.Levels;
        if (percent == BoardHealth.NoBattery)
        {
            Index = levels.Length - 1;
            return Index != before;
        }
        while (Index > 0 && percent < levels[Index].FromPercent)
            Index--;
        while (Index >= 0 && Index < levels.Length - 1 && percent >= Threshold(levels[Index + 1]))
            Index++;
        return Index != before;
    }

    /// <summary>Charge from which the device goes up to a level: no more than a full battery has.</summary>
    private int Threshold(EnergyLevel level)
    {
        int threshold = level.FromPercent + _settings.HysteresisPercent;
        return threshold > 100 ? 100 : threshold;
    }
}
