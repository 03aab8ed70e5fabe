namespace EdgeMl.Mcu.Agent.Ports;

/// <summary>The port to what a device reports of its own state.</summary>
public abstract class BoardHealth
{
    /// <summary>What <see cref="BatteryPercent"/> says of a device without a battery.</summary>
    public const int NoBattery = -1;

    /// <summary>Bytes of free memory, 0 or more.</summary>
    public abstract int FreeMemoryBytes { get; }

    /// <summary>Charge of the battery from 0 to 100, or <see cref="NoBattery"/>.</summary>
    public abstract int BatteryPercent { get; }
}
