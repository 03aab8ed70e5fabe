using System.Net;
using System.Text.Json;
using EdgeMl.Mcu.Bench;
using EdgeMl.Mcu.Bench.Serial;
using EdgeMl.Mcu.Bench.Tests.Serial;
using EdgeMl.Mcu.Bench.WireProtocol;
using EdgeMl.Mcu.Device;
using EdgeMl.Mcu.Device.Configuration;
using EdgeMl.Mcu.Relay;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Testing;
using Microsoft.Extensions.Logging;

namespace EdgeMl.Mcu.Cli.Tests;

public sealed class DeviceConfigureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_option_reaches_the_file_that_the_device_reads()
    {
        string[] options =
        [
            "--broker", "mqtts://broker.example:8884", "--ca", _folder.Write("ca.pem", "-----BEGIN CERTIFICATE-----"), "--wifi", "Plant", "--wifi-password-file", _folder.Write("wifi.txt", "secret pass\n"),
            "--sensor", "accelerometer", "--interval", "500", "--sample-period", "5000", "--chip", "lis3dh", "--i2c-address", "0x19", "--range", "8", "--i2c-pins", "21,22",
            "--bench-link", "COM2,921600,17,16", "--model-ram", "40000", "--slot", "70000", "--page", "2048", "--poll", "30000",
            "--battery", "3,3000,4200,6600", "--level", "40,1000,0", "--level", "0,600000,3600000,economy,sleep", "--hysteresis", "7", "--radio-window", "90000", "--update-charge", "30",
        ];

        DeviceConfiguration c = Configure(out CommandLineRun run, options);

        Assert.Equal(("plant", "pump-1", new string('1', 64)), (c.Fleet, c.Device, Convert.ToHexStringLower(c.DeviceKey)));
        Assert.Equal(("broker.example", 8884, true, "-----BEGIN CERTIFICATE-----"), (c.BrokerHost, c.BrokerPort, c.UsesTls, System.Text.Encoding.ASCII.GetString(c.Certificate)));
        Assert.Equal(("Plant", "secret pass"), (c.WifiName, c.WifiPassword));
        Assert.Equal((SensorKind.Accelerometer, 500, 5000, AccelerometerChip.Lis3dh, 0x19, 8, 1), (c.Sensor.Kind, c.Sensor.IntervalMilliseconds, c.Sensor.PeriodMicroseconds, c.Sensor.Chip, c.Sensor.Address, c.Sensor.RangeG, c.Sensor.Channel));
        Assert.Equal((21, 22), (c.Sensor.DataPin, c.Sensor.ClockPin));
        Assert.Equal(("COM2", 921_600, 17, 16), (c.Link.Port, c.Link.BaudRate, c.Link.TransmitPin, c.Link.ReceivePin));
        Assert.Equal((40_000, 70_000, 2048, 30_000, 30), (c.ModelRamBytes, c.SlotBytes, c.PageBytesMax, c.PollMilliseconds, c.UpdatePercentMin));
        Assert.Equal((3, 3_000, 4_200, 6_600), (c.Battery.Channel, c.Battery.EmptyMillivolts, c.Battery.FullMillivolts, c.Battery.ScaleMillivolts));
        Assert.Equal((7, 90_000), (c.Energy.HysteresisPercent, c.Energy.RadioWindowMilliseconds));
        Assert.Equal([(0, true, true), (40, false, false)], c.Energy.Levels.Select(level => (level.FromPercent, level.RunsEconomyModel, level.SleepsDeeply)));
        Assert.DoesNotContain("secret", run.Output + run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("1111", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_board_gets_its_configuration_over_the_debug_protocol_and_starts_again()
    {
        Configure(out _);
        using var line = new PortPair();
        using var board = new VirtualSerialBoard(SerialPort.Open(line.Second));

        CommandLineRun run = CommandLineRun.Of("device", "configure", "--port", line.First, "--identity", _folder.File("pump-1.json"));

        Assert.Equal((ExitCodes.Ok, ""), (run.ExitCode, run.Error));
        Assert.Equal(File.ReadAllBytes(_folder.File("edgeml.cfg")), board.FileAt(DeviceConfiguration.DefaultPath));
    }

    [Fact]
    public void What_is_not_said_has_the_defaults_of_the_device()
    {
        DeviceConfiguration c = Configure(out _);
        var defaults = new DeviceConfiguration();

        Assert.Equal((defaults.ModelRamBytes, defaults.SlotBytes, defaults.PollMilliseconds, SensorKind.None), (c.ModelRamBytes, c.SlotBytes, c.PollMilliseconds, c.Sensor.Kind));
        Assert.Equal(("relay.local", 1883, false, null, null), (c.BrokerHost, c.BrokerPort, c.UsesTls, c.WifiName, c.Link));
        Assert.Empty(c.Energy.Levels);
    }

    [Fact]
    public void Show_says_what_a_file_says_without_its_secrets()
    {
        Configure(out _, "--wifi", "Plant", "--wifi-password-file", _folder.Write("wifi.txt", "secret"), "--sensor", "analog");

        CommandLineRun run = CommandLineRun.Of("device", "show", _folder.File("edgeml.cfg"), "--json");
        CommandLineRun text = CommandLineRun.Of("device", "show", _folder.File("edgeml.cfg"));

        Assert.Equal(("pump-1", "mqtt://relay.local:1883", "Plant", "analog"), (Text(run, "device"), Text(run, "broker"), Text(run, "wifi"), Text(run, "sensor")));
        Assert.Contains("pump-1 of plant", text.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Output + text.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("1111", run.Output + text.Output, StringComparison.Ordinal);

        static string? Text(CommandLineRun run, string name) => run.Json.GetProperty(name).GetString();
    }

    [Fact]
    public void A_damaged_file_is_refused_with_the_device_s_number()
    {
        Configure(out _);
        byte[] file = File.ReadAllBytes(_folder.File("edgeml.cfg"));
        file[9] ^= 1;

        CommandLineRun run = CommandLineRun.Of("device", "show", _folder.Write("damaged.cfg", file));

        run.ShouldFail(ExitCodes.Failed, BenchErrorCodes.Configuration);
        Assert.Contains($"error {(int)DeviceError.ConfigurationChecksum}", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("The password of the network is missing", "--wifi", "Plant")]
    [InlineData("--level takes 3 numbers", "--level", "0,1000")]
    [InlineData("not 'nap'", "--level", "0,1000,60000,nap")]
    [InlineData("energy levels do not go together", "--level", "10,1000,0")]
    [InlineData("energy levels do not go together", "--level", "0,1000,0,sleep")]
    [InlineData("--battery takes 4 numbers", "--battery", "1,2")]
    [InlineData("--i2c-address takes a hexadecimal number", "--i2c-address", "0xZZ")]
    [InlineData("--bench-link takes", "--bench-link", "COM2")]
    [InlineData("no address of a broker", "--broker", "http://x")]
    [InlineData("refuse the value of Sensor", "--range", "3")]
    [InlineData("refuse the value of Slot", "--slot", "3")]
    [InlineData("one of --port, --link and --out", "--port", "nowhere")]
    public void A_value_that_cannot_be_meant_is_wrong_use_and_writes_nothing(string message, params string[] options)
    {
        CommandLineRun run = Run([.. options]);

        run.ShouldFail(ExitCodes.Usage, Failure.UsageCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("edgeml.cfg")));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"device":"a","deviceKey":"zz","fleet":"f","broker":"mqtt://h"}""")]
    [InlineData("""{"device":"a","deviceKey":"00","fleet":"f","broker":"nothing"}""")]
    public void An_identity_that_is_none_is_refused(string content)
    {
        string identity = _folder.Write("bad.json", content);

        CommandLineRun.Of("device", "configure", "--out", _folder.File("x.cfg"), "--identity", identity).ShouldFail(ExitCodes.Failed, BenchErrorCodes.Identity);
    }

    [Fact]
    public async Task A_token_gives_an_identity_that_is_kept_and_spends_no_second_one()
    {
        await using RelayHost relay = await RelayHost.StartAsync(new RelayOptions
        {
            DataFolder = _folder.File("relay"),
            HttpEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
            BrokerEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
            LogLevel = LogLevel.Error,
        }, TestContext.Current.CancellationToken);
        using var client = new RelayClient(relay.Address, relay.FirstApiKey);
        TokenInfo token = await client.CreateTokenAsync(new TokenRequest { Device = "fan-7" }, TestContext.Current.CancellationToken);
        string identity = _folder.File("fan-7.json");
        string[] enroll = ["device", "configure", "--out", _folder.File("fan.cfg"), "--enroll", token.Token, "--identity", identity, "--relay", relay.Address.ToString()];

        CommandLineRun.Of("device", "configure", "--port", "no-such-port", "--enroll", token.Token, "--identity", identity, "--relay", relay.Address.ToString())
            .ShouldFail(ExitCodes.Unreachable, BenchErrorCodes.PortNotFound);
        CommandLineRun first = CommandLineRun.Of(enroll);
        CommandLineRun second = CommandLineRun.Of("device", "configure", "--out", _folder.File("again.cfg"), "--identity", identity);

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        Assert.Equal(File.ReadAllBytes(_folder.File("fan.cfg")), File.ReadAllBytes(_folder.File("again.cfg")));
        Assert.Contains("no publisher key", first.Output, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(identity));
        CommandLineRun.Of(enroll).ShouldFail(ExitCodes.Refused, Ota.OtaErrorCodes.KeyExists);
    }

    private CommandLineRun Run(string[] options)
    {
        string identity = _folder.Write("pump-1.json", JsonSerializer.Serialize(
            new Enrollment { Device = "pump-1", DeviceKey = new string('1', 64), Fleet = "plant", Broker = "mqtt://relay.local:1883", PublisherKey = new string('2', 104) }, RelayJson.Options));
        return CommandLineRun.Of(["device", "configure", "--out", _folder.File("edgeml.cfg"), "--identity", identity, .. options]);
    }

    private DeviceConfiguration Configure(out CommandLineRun run, params string[] options)
    {
        run = Run(options);
        Assert.Equal((ExitCodes.Ok, true), (run.ExitCode, run.Error.Contains("delete it", StringComparison.Ordinal)));
        byte[] file = File.ReadAllBytes(_folder.File("edgeml.cfg"));
        Assert.Equal(DeviceError.None, new ConfigurationReader().Read(file, file.Length, out DeviceConfiguration configuration));
        return configuration;
    }
}
