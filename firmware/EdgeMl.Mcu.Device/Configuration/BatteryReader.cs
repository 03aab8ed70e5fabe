using EdgeMl.Mcu.Agent.Cbor;

namespace EdgeMl.Mcu.Device.Configuration;

/// <summary>Reads how the battery is measured.</summary>
internal sealed class BatteryReader : SettingsReader
{
    private readonly BatterySettings _settings;

    internal BatteryReader(BatterySettings settings)
    {
        _settings = settings;
    }

    /// <inheritdoc/>
    protected override bool ReadValue(CborReader reader, int key)
    {
        switch (key)
        {
            case 0:
                _settings.Channel = Integer(reader, 0, 63);
                break;
            case 1:
                _settings.EmptyMillivolts = Integer(reader, 0, BatterySettings.MillivoltsMax);
                break;
            case 2:
                _settings.FullMillivolts = Integer(reader, 1, BatterySettings.MillivoltsMax);
                break;
            case 3:
                _settings.ScaleMillivolts = Integer(reader, 1, BatterySettings.MillivoltsMax);
                break;
            default:
                return false;
        }
        return true;
    }

    /// <inheritdoc/>
    protected override bool AreValid()
    {
        return _settings.FullMillivolts > _settings.EmptyMillivolts;
    }
}
