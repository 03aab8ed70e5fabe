namespace EdgeMl.Mcu.Device.Energy;

/// <summary>What the device does from a charge of the battery on.</summary>
public sealed class EnergyLevel
{
    /// <summary>Charge in percent from which the level holds, 0 to 100.</summary>
    public int FromPercent { get; set; }

    /// <summary>Milliseconds from one inference to the next, 1 or more.</summary>
    public int IntervalMilliseconds { get; set; }

    /// <summary>Milliseconds from the beginning of one radio window to that of the next; 0 where the radio stays on.</summary>
    public int RadioPeriodMilliseconds { get; set; }

    /// <summary>Whether the economy model runs in place of the confirmed one.</summary>
    public bool RunsEconomyModel { get; set; }

    /// <summary>Whether the device sleeps deeply between inferences, outside of radio windows.</summary>
    public bool SleepsDeeply { get; set; }
}
