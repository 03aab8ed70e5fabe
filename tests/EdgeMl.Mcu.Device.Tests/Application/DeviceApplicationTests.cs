using EdgeMl.Mcu.Agent.Models;
using EdgeMl.Mcu.Device.Application;
using EdgeMl.Mcu.Device.Configuration;
using EdgeMl.Mcu.Device.Energy;
using EdgeMl.Mcu.Device.Storage;
using EdgeMl.Mcu.Device.Tests.Configuration;
using EdgeMl.Mcu.Device.Tests.Network;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;

namespace EdgeMl.Mcu.Device.Tests.Application;

public sealed class DeviceApplicationTests : IDisposable
{
    private const int Minute = 60_000;

    private readonly TemporaryFolder _folder = new();
    private readonly AutoResetEvent _work = new(false);
    private readonly AutoResetEvent _news = new(false);

    public void Dispose()
    {
        _work.Dispose();
        _news.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_board_without_a_configuration_says_so_and_waits_for_one()
    {
        var board = new HostBoard(_folder.Path);
        var application = new DeviceApplication(board, _work, _news);

        Assert.Equal(DeviceError.ConfigurationMissing, application.Start());

        Assert.Null(application.Agent);
        Assert.InRange(application.Step(), 1, 1_000);
        Assert.Contains($"error {(int)DeviceError.ConfigurationMissing}", Assert.Single(board.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_configured_board_runs_the_factory_model_on_its_sensor_at_the_interval()
    {
        _folder.Write(BoardPort.ModelName, Model());
        HostBoard board = Configure(configuration =>
        {
            configuration.Sensor.Kind = SensorKind.Analog;
            configuration.Sensor.IntervalMilliseconds = 500;
        });
        var application = new DeviceApplication(board, _work, _news);
        Assert.Equal(DeviceError.None, application.Start());

        for (int i = 0; i < 20; i++)
        {
            application.Step();
            board.TestClock.Now += 250;
        }

        Assert.Equal((LocalModel.Factory, 10), (application.Agent.Local, application.Agent.Inferences));
        Assert.Empty(board.Sleeps);
    }

    [Fact]
    public void A_damaged_factory_model_is_in_the_log_and_the_device_runs_on()
    {
        byte[] model = Model();
        model[^1] ^= 1;
        _folder.Write(BoardPort.ModelName, model);
        HostBoard board = Configure(_ => { });
        var application = new DeviceApplication(board, _work, _news);

        Assert.Equal(DeviceError.None, application.Start());

        Assert.Contains(board.Lines, line => line.EndsWith($"error {(int)Runtime.Error.Checksum}", StringComparison.Ordinal));
        Assert.InRange(application.Step(), 0, 1_000);
    }

    [Fact]
    public void A_low_battery_ends_the_radio_window_runs_the_economy_model_and_sleeps_until_the_next_inference()
    {
        _folder.Write(BoardPort.ModelName, Model());
        _folder.Write(BoardPort.EconomyModelName, Model());
        HostBoard board = Configure(configuration =>
        {
            configuration.Sensor.Kind = SensorKind.Analog;
            configuration.Battery = new BatterySettings();
            configuration.Energy.Levels =
            [
                new EnergyLevel { IntervalMilliseconds = 10 * Minute, RadioPeriodMilliseconds = 60 * Minute, RunsEconomyModel = true, SleepsDeeply = true },
                new EnergyLevel { FromPercent = 50, IntervalMilliseconds = 1_000 },
            ];
        });
        board.Reading = 2200;
        board.Transport = new ScriptedTransport { Accepts = false };
        var application = new DeviceApplication(board, _work, _news);
        Assert.Equal(DeviceError.None, application.Start());

        application.Step();
        Assert.True(application.Energy.IsRadioOn);
        Assert.Equal(LocalModel.Economy, application.Agent.Local);
        application.Link.Step();
        Assert.True(board.ScriptedNetwork.IsJoined);
        for (int i = 0; i < 4 && board.Sleeps.Count == 0; i++)
        {
            board.TestClock.Now += Minute / 2;
            application.Step();
            application.Link.Step();
        }

        Assert.Equal((false, false), (application.Energy.IsRadioOn, board.ScriptedNetwork.IsJoined));
        // The first inference was at the start, the next is ten minutes later; the window ended after one minute, and half a minute after that the network has been left.
        Assert.Equal((10 * Minute) - (3 * Minute / 2), Assert.Single(board.Sleeps));
    }

    [Fact]
    public void A_network_that_hangs_restarts_the_device()
    {
        HostBoard board = Configure(_ => { });
        DeviceApplication? application = null;
        board.Transport = new ScriptedTransport
        {
            WhileOpening = () =>
            {
                board.TestClock.Now += SupervisedLinkOpening + 1;
                application!.Step();
            },
        };
        application = new DeviceApplication(board, _work, _news);
        application.Start();
        application.Step();

        application.Link.Step();

        Assert.Equal(1, board.Reboots);
    }

    [Fact]
    public void A_loop_that_hangs_and_a_thread_that_throws_restart_the_device_with_a_line_in_the_log()
    {
        HostBoard board = Configure(_ => { });
        var guard = new LoopGuard(board);
        Assert.False(guard.IsOverdue);

        board.TestClock.Now += LoopGuard.RoundMax;
        guard.Run();
        GuardedThread.Call(board, "link", () => throw new InvalidOperationException("gone"));

        Assert.Equal(2, board.Reboots);
        Assert.Contains("link: InvalidOperationException: gone: restart", board.Lines);
    }

    [Fact]
    public void Nonces_differ_from_start_to_start_and_from_device_to_device()
    {
        var drawn = new HashSet<string>();
        for (int entropy = 0; entropy < 20; entropy++)
        {
            foreach (byte key in new byte[] { 1, 2 })
            {
                byte[] bytes = new byte[40];
                new KeyedRandom([.. Enumerable.Repeat(key, 32)], entropy).Fill(bytes, 0, bytes.Length);
                Assert.True(drawn.Add(Convert.ToHexString(bytes, 0, 8)) && drawn.Add(Convert.ToHexString(bytes, 32, 8)));
            }
        }
    }

    [Fact]
    public void A_file_over_the_link_takes_the_place_of_the_old_one_only_when_it_is_committed()
    {
        string path = _folder.Write(DeviceConfiguration.FileName, [9, 9, 9]);
        var files = new DriveFiles(_folder.Path + "/", DeviceConfiguration.FileName);
        byte[] back = new byte[2];

        Assert.False(files.Create("other.bin", 2));
        Assert.True(files.Create(DeviceConfiguration.FileName, 2) && files.Write(0, [1, 2], 0, 2) && files.Read(0, back, 0, 2));
        files.Abandon();
        Assert.Equal([9, 9, 9], File.ReadAllBytes(path));
        Assert.True(files.Create(DeviceConfiguration.FileName, 2) && files.Write(0, [1, 2], 0, 2) && files.Commit());

        Assert.Equal([1, 2], File.ReadAllBytes(path));
        Assert.Equal([1, 2], back);
        Assert.False(files.Commit());
    }

    private const int SupervisedLinkOpening = Device.Network.SupervisedLink.OpeningMax;

    private static byte[] Model() => EmlmCompiler.Compile(RandomTrees.Graph(RandomTrees.Create(3))).Bytes;

    private HostBoard Configure(Action<DeviceConfiguration> change)
    {
        DeviceConfiguration configuration = Configurations.Least();
        change(configuration);
        _folder.Write(DeviceConfiguration.FileName, Configurations.File(configuration));
        return new HostBoard(_folder.Path);
    }
}
