using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Device.Energy;

namespace EdgeMl.Mcu.Device.Configuration;

/// <summary>Reads the maps within a configuration file. Each method returns whether the values are in their ranges; the reader fails where the map is malformed.</summary>
internal static class SettingsReader
{
    internal static bool Read(CborReader reader, SensorSettings settings)
    {
        bool isInRange = true;
        int pairs = reader.ReadMap();
        int key = -1;
        for (int i = 0; i < pairs && !reader.Failed; i++)
        {
            key = reader.ReadKey(key);
            if (key == 0)
                settings.Kind = (SensorKind)Integer(reader, 0, (int)SensorKind.Feed, ref isInRange);
            else if (key == 1)
                settings.IntervalMilliseconds = Integer(reader, 1, SensorSettings.IntervalMax, ref isInRange);
            else if (key == 2)
                settings.PeriodMicroseconds = Integer(reader, SensorSettings.PeriodMin, SensorSettings.PeriodMax, ref isInRange);
            else if (key == 3)
                settings.Channel = Integer(reader, 0, 63, ref isInRange);
            else if (key == 4)
                settings.Address = Integer(reader, 8, 119, ref isInRange);
            else if (key == 5)
                settings.Chip = (AccelerometerChip)Integer(reader, (int)AccelerometerChip.Mpu6050, (int)AccelerometerChip.Lis3dh, ref isInRange);
            else if (key == 6)
                settings.RangeG = Integer(reader, 2, 16, ref isInRange);
            else if (key == 7)
                settings.DataPin = Integer(reader, 0, 255, ref isInRange);
            else if (key == 8)
                settings.ClockPin = Integer(reader, 0, 255, ref isInRange);
            else
                reader.Skip();
        }
        bool isPower = (settings.RangeG & (settings.RangeG - 1)) == 0;
        return isInRange && isPower && (settings.Kind != SensorKind.Accelerometer || (settings.Channel >= 1 && settings.Channel <= 9));
    }

    internal static bool Read(CborReader reader, BatterySettings settings)
    {
        bool isInRange = true;
        int pairs = reader.ReadMap();
        int key = -1;
        for (int i = 0; i < pairs && !reader.Failed; i++)
        {
            key = reader.ReadKey(key);
            if (key == 0)
                settings.Channel = Integer(reader, 0, 63, ref isInRange);
            else if (key == 1)
                settings.EmptyMillivolts = Integer(reader, 0, BatterySettings.MillivoltsMax, ref isInRange);
            else if (key == 2)
                settings.FullMillivolts = Integer(reader, 1, BatterySettings.MillivoltsMax, ref isInRange);
            else if (key == 3)
                settings.ScaleMillivolts = Integer(reader, 1, BatterySettings.MillivoltsMax, ref isInRange);
            else
                reader.Skip();
        }
        return isInRange && settings.FullMillivolts > settings.EmptyMillivolts;
    }

    internal static bool Read(CborReader reader, LinkSettings settings)
    {
        bool isInRange = true;
        int pairs = reader.ReadMap();
        int key = -1;
        for (int i = 0; i < pairs && !reader.Failed; i++)
        {
            key = reader.ReadKey(key);
            if (key == 0)
                settings.Port = reader.ReadText(DeviceConfiguration.FileBytesMax);
            else if (key == 1)
                settings.BaudRate = Integer(reader, 9_600, 3_000_000, ref isInRange);
            else if (key == 2)
                settings.TransmitPin = Integer(reader, 0, 255, ref isInRange);
            else if (key == 3)
                settings.ReceivePin = Integer(reader, 0, 255, ref isInRange);
            else
                reader.Skip();
        }
        return isInRange && settings.Port.Length >= 1 && settings.Port.Length <= LinkSettings.PortLengthMax;
    }

    internal static bool Read(CborReader reader, EnergySettings settings)
    {
        bool isInRange = true;
        int pairs = reader.ReadMap();
        int key = -1;
        for (int i = 0; i < pairs && !reader.Failed; i++)
        {
            key = reader.ReadKey(key);
            if (key == 0)
                settings.HysteresisPercent = Integer(reader, 0, 50, ref isInRange);
            else if (key == 1)
                settings.RadioWindowMilliseconds = Integer(reader, EnergySettings.RadioWindowMin, EnergySettings.RadioPeriodMax, ref isInRange);
            else if (key == 2)
                isInRange &= ReadLevels(reader, settings);
            else
                reader.Skip();
        }
        return isInRange && !reader.Failed && settings.AreValid();
    }

    /// <summary>Reads an integer; one out of its range is noted, and its range's lower end taken.</summary>
    internal static int Integer(CborReader reader, int least, int most, ref bool isInRange)
    {
        long value = reader.ReadInteger();
        if (value >= least && value <= most)
            return (int)value;
        isInRange = false;
        return least;
    }

    private static bool ReadLevels(CborReader reader, EnergySettings settings)
    {
        int count = reader.ReadArray();
        if (count > EnergySettings.LevelsMax)
            return false;
        bool isInRange = true;
        var levels = new EnergyLevel[count];
        for (int i = 0; i < count; i++)
        {
            int items = reader.ReadArray();
            levels[i] = new EnergyLevel
            {
                FromPercent = Integer(reader, 0, 100, ref isInRange),
                IntervalMilliseconds = Integer(reader, 1, SensorSettings.IntervalMax, ref isInRange),
                RadioPeriodMilliseconds = Integer(reader, 0, EnergySettings.RadioPeriodMax, ref isInRange),
                RunsEconomyModel = reader.ReadBool(),
                SleepsDeeply = reader.ReadBool(),
            };
            if (items < LevelItems)
                reader.Fail();
            for (int item = LevelItems; item < items && !reader.Failed; item++)
                reader.Skip();
        }
        settings.Levels = levels;
        return isInRange;
    }

    /// <summary>Items of a level in the file; more are skipped.</summary>
    internal const int LevelItems = 5;
}
