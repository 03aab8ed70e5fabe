using System.CommandLine;
using System.Globalization;
using EdgeMl.Mcu.Device.Configuration;

namespace EdgeMl.Mcu.Cli.Verbs.Configure;

/// <summary>The options of a device's sensor, of its bench link and of its memory.</summary>
internal sealed class SensorOptions
{
    private static readonly SensorSettings Defaults = new();
    private static readonly DeviceConfiguration Sizes = new();

    private readonly Option<string> _sensor = Words("--sensor", "What the model looks at.", "none", "analog", "accelerometer", "feed");
    private readonly Option<int> _interval = Number("--interval", "Milliseconds from one inference to the next.", "MS", Defaults.IntervalMilliseconds);
    private readonly Option<int> _period = Number("--sample-period", "Microseconds from one sample of a window to the next.", "US", Defaults.PeriodMicroseconds);
    private readonly Option<int?> _channel = new("--channel") { Description = "ADC channel, or number of the I2C bus (default 1).", HelpName = "N" };
    private readonly Option<string> _chip = Words("--chip", "The accelerometer.", "mpu6050", "lis3dh");
    private readonly Option<string?> _address = new("--i2c-address") { Description = "I2C address in hexadecimal; 68 for an MPU-6050 and 18 for a LIS3DH without it.", HelpName = "HEX" };
    private readonly Option<int> _range = Number("--range", "Full scale of the accelerometer in g.", "G", Defaults.RangeG);
    private readonly Option<string?> _pins = new("--i2c-pins") { Description = "Pins of the I2C bus, where the board lets one choose.", HelpName = "SDA,SCL" };
    private readonly Option<string?> _link = new("--bench-link") { Description = "Serial port of the board for the bench link, such as COM2,115200 or COM2,115200,17,16 with the pins to send and receive on.", HelpName = "PORT,BAUD" };
    private readonly Option<int> _ram = Number("--model-ram", "RAM for a model.", "BYTES", Sizes.ModelRamBytes);
    private readonly Option<int> _slot = Number("--slot", "Capacity of one slot.", "BYTES", Sizes.SlotBytes);
    private readonly Option<int> _page = Number("--page", "Leave weights in flash and read them in pages of at most so many bytes; 0 loads models into RAM.", "BYTES", 0);
    private readonly Option<int> _poll = Number("--poll", "Milliseconds without news after which the device asks what it should run.", "MS", Sizes.PollMilliseconds);

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _sensor, _interval, _period, _channel, _chip, _address, _range, _pins, _link, _ram, _slot, _page, _poll })
            command.Options.Add(option);
    }

    /// <summary>Puts sensor, link and sizes into a configuration.</summary>
    public void Read(ParseResult parse, DeviceConfiguration configuration)
    {
        SensorSettings sensor = configuration.Sensor;
        sensor.Kind = Enum.Parse<SensorKind>(parse.GetRequiredValue(_sensor), ignoreCase: true);
        sensor.IntervalMilliseconds = parse.GetValue(_interval);
        sensor.PeriodMicroseconds = parse.GetValue(_period);
        sensor.Channel = parse.GetValue(_channel) ?? (sensor.Kind == SensorKind.Accelerometer ? 1 : 0);
        sensor.Chip = Enum.Parse<AccelerometerChip>(parse.GetRequiredValue(_chip), ignoreCase: true);
        sensor.Address = Address(parse.GetValue(_address), sensor.Chip);
        sensor.RangeG = parse.GetValue(_range);
        if (parse.GetValue(_pins) is string pins)
        {
            int[] numbers = Numbers("--i2c-pins", pins.Split(','), 2);
            (sensor.DataPin, sensor.ClockPin) = (numbers[0], numbers[1]);
        }
        configuration.Link = parse.GetValue(_link) is string link ? Link(link) : null;
        configuration.ModelRamBytes = parse.GetValue(_ram);
        configuration.SlotBytes = parse.GetValue(_slot);
        configuration.PageBytesMax = parse.GetValue(_page);
        configuration.PollMilliseconds = parse.GetValue(_poll);
    }

    /// <summary>The numbers of an option's parts.</summary>
    /// <exception cref="UsageException">Another count, or one is none.</exception>
    internal static int[] Numbers(string option, string[] parts, int count)
    {
        var numbers = new int[parts.Length];
        bool isRight = parts.Length == count;
        for (int i = 0; i < parts.Length; i++)
            isRight &= int.TryParse(parts[i], NumberStyles.Integer, CultureInfo.InvariantCulture, out numbers[i]);
        return isRight ? numbers : throw new UsageException($"{option} takes {count} numbers with commas between them, and not '{string.Join(',', parts)}'.");
    }

    private static LinkSettings Link(string text)
    {
        string[] parts = text.Split(',');
        int[] numbers = Numbers("--bench-link", parts[1..], parts.Length is 2 or 4 ? parts.Length - 1 : 3);
        var link = new LinkSettings { Port = parts[0], BaudRate = numbers[0] };
        if (numbers.Length == 3)
            (link.TransmitPin, link.ReceivePin) = (numbers[1], numbers[2]);
        return link;
    }

    private static int Address(string? text, AccelerometerChip chip)
    {
        if (text is null)
            return chip == AccelerometerChip.Lis3dh ? 0x18 : 0x68;
        string digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        return int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int address) ? address
            : throw new UsageException($"--i2c-address takes a hexadecimal number, and not '{text}'.", "Such as 68");
    }

    private static Option<int> Number(string name, string description, string unit, int value) =>
        new(name) { Description = description, HelpName = unit, DefaultValueFactory = _ => value };

    private static Option<string> Words(string name, string description, params string[] words)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => words[0] };
        option.AcceptOnlyFromAmong(words);
        return option;
    }
}
