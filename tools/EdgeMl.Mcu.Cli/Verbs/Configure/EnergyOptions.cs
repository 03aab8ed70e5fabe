using System.CommandLine;
using EdgeMl.Mcu.Device.Configuration;
using EdgeMl.Mcu.Device.Energy;

namespace EdgeMl.Mcu.Cli.Verbs.Configure;

/// <summary>The options of a device's battery and energy policy.</summary>
internal sealed class EnergyOptions
{
    private static readonly EnergySettings Defaults = new();

    private readonly Option<string?> _battery = new("--battery")
    {
        Description = "ADC channel that measures the battery, millivolts of the empty and the full battery, and at the channel's highest reading.",
        HelpName = "CHANNEL,EMPTY,FULL,SCALE",
    };

    private readonly Option<string[]> _levels = new("--level")
    {
        Description = "From a charge on: milliseconds between inferences and between radio windows (0: always on), and what is thrifty. The first level begins at 0 %. May be repeated.",
        HelpName = "PERCENT,MS,MS[,economy][,sleep]",
    };

    private readonly Option<int> _hysteresis = new("--hysteresis") { Description = "Charge in percent above a level from which the device goes back up to it.", HelpName = "PERCENT", DefaultValueFactory = _ => Defaults.HysteresisPercent };
    private readonly Option<int> _window = new("--radio-window") { Description = "Length of a radio window.", HelpName = "MS", DefaultValueFactory = _ => Defaults.RadioWindowMilliseconds };
    private readonly Option<int> _update = new("--update-charge") { Description = "Lowest charge at which an update begins.", HelpName = "PERCENT" };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _battery, _levels, _hysteresis, _window, _update })
            command.Options.Add(option);
    }

    /// <summary>Puts battery and energy policy into a configuration.</summary>
    public void Read(ParseResult parse, DeviceConfiguration configuration)
    {
        if (parse.GetValue(_battery) is string battery)
        {
            int[] numbers = SensorOptions.Numbers("--battery", battery.Split(','), 4);
            configuration.Battery = new BatterySettings { Channel = numbers[0], EmptyMillivolts = numbers[1], FullMillivolts = numbers[2], ScaleMillivolts = numbers[3] };
        }
        configuration.UpdatePercentMin = parse.GetValue(_update);
        configuration.Energy = new EnergySettings
        {
            HysteresisPercent = parse.GetValue(_hysteresis),
            RadioWindowMilliseconds = parse.GetValue(_window),
            Levels = [.. (parse.GetValue(_levels) ?? []).Select(Level).OrderBy(level => level.FromPercent)],
        };
        if (!configuration.Energy.AreValid())
        {
            throw new UsageException("The energy levels do not go together.",
                "The first begins at 0 %; at a lower charge inferences and radio windows are as rare or rarer; a period of the radio is at least its window and at most a day; sleep needs one.");
        }
    }

    private static EnergyLevel Level(string text)
    {
        string[] parts = text.Split(',');
        int[] numbers = SensorOptions.Numbers("--level", parts[..Math.Min(3, parts.Length)], 3);
        if (parts.Skip(3).FirstOrDefault(word => word is not ("economy" or "sleep")) is string unknown)
            throw new UsageException($"--level knows economy and sleep, and not '{unknown}'.");
        return new EnergyLevel
        {
            FromPercent = numbers[0],
            IntervalMilliseconds = numbers[1],
            RadioPeriodMilliseconds = numbers[2],
            RunsEconomyModel = parts.Contains("economy"),
            SleepsDeeply = parts.Contains("sleep"),
        };
    }
}
