using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Device.Energy;

namespace EdgeMl.Mcu.Device.Configuration;

/// <summary>Reads the energy policy.</summary>
internal sealed class EnergyReader : SettingsReader
{
    /// <summary>Items of a level in the file; more are skipped.</summary>
    internal const int LevelItems = 5;

    private readonly EnergySettings _settings;

    internal EnergyReader(EnergySettings settings)
    {
        _settings = settings;
    }

    /// <inheritdoc/>
    protected override bool ReadValue(CborReader reader, int key)
    {
        switch (key)
        {
            case 0:
                _settings.HysteresisPercent = Integer(reader, 0, 50);
                break;
            case 1:
                _settings.RadioWindowMilliseconds = Integer(reader, EnergySettings.RadioWindowMin, EnergySettings.RadioPeriodMax);
                break;
            case 2:
                ReadLevels(reader);
                break;
            default:
                return false;
        }
        return true;
    }

    /// <inheritdoc/>
    protected override bool AreValid()
    {
        return _settings.AreValid();
    }

    private void ReadLevels(CborReader reader)
    {
        int count = reader.ReadArray();
        if (count > EnergySettings.LevelsMax)
        {
            Refuse();
            return;
        }
        var levels = new EnergyLevel[count];
        for (int i = 0; i < count; i++)
        {
            int items = reader.ReadArray();
            levels[i] = new EnergyLevel
            {
                FromPercent = Integer(reader, 0, 100),
                IntervalMilliseconds = Integer(reader, 1, SensorSettings.IntervalMax),
                RadioPeriodMilliseconds = Integer(reader, 0, EnergySettings.RadioPeriodMax),
                RunsEconomyModel = reader.ReadBool(),
                SleepsDeeply = reader.ReadBool(),
            };
            if (items < LevelItems)
                reader.Fail();
            for (int item = LevelItems; item < items && !reader.Failed; item++)
                reader.Skip();
        }
        _settings.Levels = levels;
    }
}
