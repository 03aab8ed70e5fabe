using System.Text.Json;
using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Device.Configuration;
using EdgeMl.Mcu.Device.Energy;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Device.Tests.Configuration;

public class ConfigurationFileTests
{
    [Fact]
    public void Any_configuration_reads_back_as_it_was_written() =>
        Prop.ForAll(Configurations.Any.ToArbitrary(), configuration =>
        {
            byte[] file = Configurations.File(configuration);

            Assert.Equal(DeviceError.None, new ConfigurationReader().Read(file, file.Length, out DeviceConfiguration read));

            Assert.Equal(JsonSerializer.Serialize(configuration), JsonSerializer.Serialize(read));
        }).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void A_file_behind_which_other_bytes_stand_is_read_by_its_length()
    {
        byte[] file = Configurations.File(Configurations.Least());

        Assert.Equal(DeviceError.None, new ConfigurationReader().Read([.. file, 1, 2, 3], file.Length, out DeviceConfiguration read));

        Assert.Equal(("plant", "pump-1", DeviceConfiguration.PlainPort), (read.Fleet, read.Device, read.BrokerPort));
    }

    [Fact]
    public void A_bit_that_is_not_as_it_was_is_noticed()
    {
        byte[] file = Configurations.File(Configurations.Least());
        for (int bit = 0; bit < 8 * file.Length; bit++)
        {
            byte[] damaged = [.. file];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.Equal(DeviceError.ConfigurationChecksum, new ConfigurationReader().Read(damaged, damaged.Length, out _));
        }
    }

    [Fact]
    public void Any_bytes_with_a_right_checksum_are_read_or_refused_by_a_number_and_never_throw()
    {
        int read = 0;
        byte[][] intact = [.. Configurations.Any.Sample(size: 10, numberOfSamples: 60).Select(Configurations.File)];
        for (int i = 0; i < intact.Length; i++)
        {
            foreach (byte[] damaged in Mutations.Of(intact[i][..^4], 200, seed: i))
            {
                var reader = new ConfigurationReader();
                byte[] file = Seal(damaged);
                DeviceError error = reader.Read(file, file.Length, out DeviceConfiguration configuration);
                Assert.Equal(error == DeviceError.None, configuration is not null);
                if (configuration is null)
                    continue;
                read++;
                // What was accepted can be written and read again.
                byte[] again = Configurations.File(configuration);
                Assert.Equal(DeviceError.None, reader.Read(again, again.Length, out _));
            }
        }
        Assert.InRange(read, 100, int.MaxValue);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(DeviceConfiguration.FileBytesMax + 1)]
    public void A_file_that_is_too_short_or_too_long_is_refused(int length) =>
        Assert.Equal(DeviceError.ConfigurationLength, new ConfigurationReader().Read(new byte[length], length, out _));

    [Fact]
    public void A_file_of_another_format_is_refused()
    {
        byte[] file = Configurations.File(Configurations.Least())[..^4];
        file[2] = 2;

        Assert.Equal(DeviceError.ConfigurationVersion, new ConfigurationReader().Read(Seal(file), file.Length + 4, out _));
    }

    [Fact]
    public void Keys_that_the_reader_does_not_know_are_skipped_and_the_order_of_keys_is_checked()
    {
        byte[] with = Map((0, 1), (1, "plant"), (2, "pump-1"), (3, new byte[32]), (5, "broker"), (90, "news"), (91, new byte[3]));
        byte[] unordered = Map((0, 1), (2, "pump-1"), (1, "plant"));

        Assert.Equal(DeviceError.None, Read(with, out ConfigurationReader _));
        Assert.Equal(DeviceError.ConfigurationFormat, Read(unordered, out ConfigurationReader _));
    }

    [Fact]
    public void A_value_that_is_missing_is_named()
    {
        (int Key, object Value)[] all = [(0, 1), (1, "plant"), (2, "pump-1"), (3, new byte[32]), (5, "broker")];
        foreach ((int key, object _) in all.Skip(1))
        {
            Assert.Equal(DeviceError.ConfigurationIncomplete, Read(Map([.. all.Where(pair => pair.Key != key)]), out ConfigurationReader reader));
            Assert.Equal(key, reader.FailedKey);
        }
    }

    public static TheoryData<string, int> OutOfRange => new()
    {
        { nameof(DeviceConfiguration.Fleet), ConfigurationKey.Fleet },
        { nameof(DeviceConfiguration.DeviceKey), ConfigurationKey.DeviceKey },
        { nameof(DeviceConfiguration.BrokerHost), ConfigurationKey.BrokerHost },
        { nameof(DeviceConfiguration.BrokerPort), ConfigurationKey.BrokerPort },
        { nameof(DeviceConfiguration.WifiName), ConfigurationKey.WifiName },
        { nameof(DeviceConfiguration.SlotBytes), ConfigurationKey.Slot },
        { nameof(SensorSettings.IntervalMilliseconds), ConfigurationKey.Sensor },
        { nameof(SensorSettings.RangeG), ConfigurationKey.Sensor },
        { nameof(EnergyLevel.FromPercent), ConfigurationKey.Energy },
        { nameof(EnergyLevel.RadioPeriodMilliseconds), ConfigurationKey.Energy },
        { nameof(BatterySettings.FullMillivolts), ConfigurationKey.Battery },
        { nameof(LinkSettings.BaudRate), ConfigurationKey.Link },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void A_value_out_of_its_range_is_refused_and_its_key_named(string what, int key)
    {
        DeviceConfiguration c = Configurations.Least();
        c.Energy.Levels = [new EnergyLevel { IntervalMilliseconds = 60_000, RadioPeriodMilliseconds = 3_600_000 }, new EnergyLevel { FromPercent = 50, IntervalMilliseconds = 1_000 }];
        c.Battery = new BatterySettings();
        c.Link = new LinkSettings { Port = "COM2" };
        _ = Configurations.File(c);
        Action change = what switch
        {
            nameof(DeviceConfiguration.Fleet) => () => c.Fleet = "Plant",
            nameof(DeviceConfiguration.DeviceKey) => () => c.DeviceKey = new byte[31],
            nameof(DeviceConfiguration.BrokerHost) => () => c.BrokerHost = new string('h', 254),
            nameof(DeviceConfiguration.BrokerPort) => () => c.BrokerPort = 65_536,
            nameof(DeviceConfiguration.WifiName) => () => c.WifiName = new string('w', 33),
            nameof(DeviceConfiguration.SlotBytes) => () => c.SlotBytes = 1_023,
            nameof(SensorSettings.IntervalMilliseconds) => () => c.Sensor.IntervalMilliseconds = 0,
            nameof(SensorSettings.RangeG) => () => c.Sensor.RangeG = 6,
            nameof(EnergyLevel.FromPercent) => () => c.Energy.Levels[0].FromPercent = 1,
            nameof(EnergyLevel.RadioPeriodMilliseconds) => () => c.Energy.Levels[1].RadioPeriodMilliseconds = 86_400_000,
            nameof(BatterySettings.FullMillivolts) => () => c.Battery.FullMillivolts = c.Battery.EmptyMillivolts,
            _ => () => c.Link.BaudRate = 300,
        };
        change();

        byte[] file = Configurations.File(c);
        var reader = new ConfigurationReader();

        Assert.Equal(DeviceError.ConfigurationValue, reader.Read(file, file.Length, out _));
        Assert.Equal(key, reader.FailedKey);
    }

    [Fact]
    public void A_configuration_that_does_not_fit_the_buffer_is_not_written()
    {
        byte[] file = Configurations.File(Configurations.Least());
        for (int room = 0; room < file.Length; room++)
            Assert.Equal(-1, new ConfigurationWriter().Write(Configurations.Least(), new byte[room]));
    }

    private static DeviceError Read(byte[] map, out ConfigurationReader reader)
    {
        reader = new ConfigurationReader();
        byte[] file = Seal(map);
        return reader.Read(file, file.Length, out _);
    }

    private static byte[] Seal(byte[] map) => [.. map, .. BitConverter.GetBytes(Crc32.Compute(map, 0, map.Length))];

    private static byte[] Map(params (int Key, object Value)[] pairs)
    {
        byte[] buffer = new byte[1024];
        var writer = new CborWriter();
        writer.Reset(buffer, 0, buffer.Length);
        writer.WriteMap(pairs.Length);
        foreach ((int key, object value) in pairs)
        {
            writer.WriteInteger(key);
            if (value is int number)
                writer.WriteInteger(number);
            else if (value is string text)
                writer.WriteText(text);
            else
                writer.WriteBytes((byte[])value, 0, ((byte[])value).Length);
        }
        return buffer[..writer.Length];
    }
}
