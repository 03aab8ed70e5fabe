using System.Security.Cryptography;
using EdgeMl.Mcu.Device.Configuration;
using EdgeMl.Mcu.Device.Energy;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Device.Tests.Configuration;

/// <summary>Configurations and their files.</summary>
internal static class Configurations
{
    /// <summary>Any valid configuration.</summary>
    public static Gen<DeviceConfiguration> Any { get; } = Gen.Choose(0, int.MaxValue).Select(Random);

    /// <summary>One with nothing but what has no default.</summary>
    public static DeviceConfiguration Least() => new() { Fleet = "plant", Device = "pump-1", DeviceKey = SHA256.HashData("key"u8), BrokerHost = "192.168.1.2" };

    /// <summary>The file of a configuration.</summary>
    public static byte[] File(DeviceConfiguration configuration)
    {
        byte[] buffer = new byte[DeviceConfiguration.FileBytesMax];
        int length = new ConfigurationWriter().Write(configuration, buffer);
        Assert.InRange(length, DeviceConfiguration.ChecksumBytes + 1, buffer.Length);
        return buffer[..length];
    }

    private static DeviceConfiguration Random(int seed)
    {
        var random = new Random(seed);
        DeviceConfiguration configuration = Least();
        configuration.Device = "d" + random.Next(1 << 20).ToString("x", null);
        configuration.BrokerPort = random.Next(1, 65_536);
        configuration.UsesTls = random.Next(2) == 0;
        configuration.PublisherKey = random.Next(2) == 0 ? null : Bytes(random, 52);
        configuration.Certificate = random.Next(2) == 0 ? null : Bytes(random, random.Next(1, 2_000));
        configuration.WifiName = random.Next(2) == 0 ? null : "Wärmepumpe €" + random.Next(100);
        configuration.WifiPassword = new string('p', random.Next(0, 65));
        configuration.ModelRamBytes = random.Next(1_024, 1 << 24);
        configuration.SlotBytes = random.Next(1_024, 1 << 24);
        configuration.PageBytesMax = random.Next(0, 1 << 16);
        configuration.PollMilliseconds = random.Next(1_000, 1 << 24);
        configuration.UpdatePercentMin = random.Next(0, 101);
        configuration.Sensor = Sensor(random);
        configuration.Energy = Energy(random);
        configuration.Battery = random.Next(2) == 0 ? null : new BatterySettings { Channel = random.Next(64), EmptyMillivolts = 3_000, FullMillivolts = random.Next(3_001, 5_000) };
        configuration.Link = random.Next(2) == 0 ? null : new LinkSettings { Port = "COM" + random.Next(1, 9), BaudRate = 921_600, TransmitPin = random.Next(-1, 40), ReceivePin = random.Next(-1, 40) };
        return configuration;
    }

    private static SensorSettings Sensor(Random random) => new()
    {
        Kind = (SensorKind)random.Next(4),
        IntervalMilliseconds = random.Next(1, SensorSettings.IntervalMax + 1),
        PeriodMicroseconds = random.Next(SensorSettings.PeriodMin, SensorSettings.PeriodMax + 1),
        Channel = random.Next(1, 10),
        Address = random.Next(8, 120),
        Chip = (AccelerometerChip)random.Next(1, 3),
        RangeG = 2 << random.Next(4),
        DataPin = random.Next(-1, 40),
        ClockPin = random.Next(-1, 40),
    };

    /// <summary>Valid levels: what a lower charge costs is never more than what a higher one does.</summary>
    public static EnergySettings Energy(Random random)
    {
        int count = random.Next(0, EnergySettings.LevelsMax + 1);
        int window = random.Next(EnergySettings.RadioWindowMin, 120_000);
        int[] from = [0, .. Enumerable.Range(0, 100).Select(_ => random.Next(1, 101)).Distinct().Take(Math.Max(0, count - 1)).Order()];
        int[] intervals = [.. from.Select(_ => random.Next(1, 3_600_000)).OrderDescending()];
        int[] periods = [.. from.Select(_ => random.Next(window, EnergySettings.RadioPeriodMax)).OrderDescending()];
        int always = random.Next(0, from.Length + 1);
        int economy = random.Next(0, from.Length + 1);
        int sleeps = random.Next(0, always + 1);
        return new EnergySettings
        {
            HysteresisPercent = random.Next(0, 51),
            RadioWindowMilliseconds = window,
            Levels =
            [
                .. Enumerable.Range(0, count == 0 ? 0 : from.Length).Select(i => new EnergyLevel
                {
                    FromPercent = from[i],
                    IntervalMilliseconds = intervals[i],
                    RadioPeriodMilliseconds = i < always ? periods[i] : 0,
                    RunsEconomyModel = i < economy,
                    SleepsDeeply = i < sleeps,
                }),
            ],
        };
    }

    private static byte[] Bytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
