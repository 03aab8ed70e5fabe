using EdgeMl.Mcu.Agent.Ports;
using EdgeMl.Mcu.Device.Configuration;
using EdgeMl.Mcu.Device.Sensors;

namespace EdgeMl.Mcu.Device.Application;

/// <summary>Free memory and the charge of the battery.</summary>
public sealed class DeviceHealth : BoardHealth
{
    private readonly BoardPort _board;
    private readonly BatterySettings _battery;
    private readonly AnalogInput _input;

    /// <summary>Creates it.</summary>
    /// <param name="board">The board.</param>
    /// <param name="battery">How the battery is measured; null where there is none.</param>
    public DeviceHealth(BoardPort board, BatterySettings battery)
    {
        _board = board;
        _battery = battery;
        _input = battery == null ? null : board.OpenAnalog(battery.Channel);
    }

    /// <inheritdoc/>
    public override int FreeMemoryBytes => _board.FreeMemoryBytes;

    /// <inheritdoc/>
    public override int BatteryPercent
    {
        get
        {
            int reading = _input == null ? -1 : _input.Read();
            return reading < 0 ? NoBattery : _battery.Percent(reading, _input.Max);
        }
    }
}
