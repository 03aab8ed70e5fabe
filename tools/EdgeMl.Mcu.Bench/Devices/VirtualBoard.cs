using EdgeMl.Mcu.Agent.Ports;

namespace EdgeMl.Mcu.Bench.Devices;

/// <summary>State of a virtual board.</summary>
public sealed class VirtualBoard : BoardHealth
{
    /// <summary>Bytes of free memory that the device reports.</summary>
    public int FreeMemory { get; set; } = 96 * 1024;

    /// <summary>Battery in percent, or <see cref="BoardHealth.NoBattery"/>.</summary>
    public int Battery { get; set; } = NoBattery;

    /// <inheritdoc/>
    public override int FreeMemoryBytes => FreeMemory;

    /// <inheritdoc/>
    public override int BatteryPercent => Battery;
}
