using EdgeMl.Mcu.Agent.Cbor;

namespace EdgeMl.Mcu.Device.Configuration;

/// <summary>Reads the sensor.</summary>
internal sealed class SensorReader : SettingsReader
{
    private readonly SensorSettings _settings;

    internal SensorReader(SensorSettings settings)
    {
        _settings = settings;
    }

    /// <inheritdoc/>
    protected override bool ReadValue(CborReader reader, int key)
    {
        switch (key)
        {
            case 0:
                _settings.Kind = (SensorKind)Integer(reader, 0, (int)SensorKind.Feed);
                break;
            case 1:
                _settings.IntervalMilliseconds = Integer(reader, 1, SensorSettings.IntervalMax);
                break;
            case 2:
                _settings.PeriodMicroseconds = Integer(reader, SensorSettings.PeriodMin, SensorSettings.PeriodMax);
                break;
            case 3:
                _settings.Channel = Integer(reader, 0, 63);
                break;
            case 4:
                _settings.Address = Integer(reader, 8, 119);
                break;
            case 5:
                _settings.Chip = (AccelerometerChip)Integer(reader, (int)AccelerometerChip.Mpu6050, (int)AccelerometerChip.Lis3dh);
                break;
            case 6:
                _settings.RangeG = Integer(reader, 2, 16);
                break;
            case 7:
                _settings.DataPin = Integer(reader, 0, 255);
                break;
            case 8:
                _settings.ClockPin = Integer(reader, 0, 255);
                break;
            default:
                return false;
        }
        return true;
    }

    /// <inheritdoc/>
    protected override bool AreValid()
    {
        bool isPower = (_settings.RangeG & (_settings.RangeG - 1)) == 0;
        return isPower && (_settings.Kind != SensorKind.Accelerometer || (_settings.Channel >= 1 && _settings.Channel <= 9));
    }
}
