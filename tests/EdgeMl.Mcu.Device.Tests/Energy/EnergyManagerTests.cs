using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Bench.Flash;
using EdgeMl.Mcu.Device.Energy;
using EdgeMl.Mcu.Device.Tests.Configuration;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Device.Tests.Energy;

public class EnergyManagerTests
{
    private const int Second = 1_000;
    private const int Hour = 3_600_000;

    [Fact]
    public void Radio_windows_begin_at_least_every_period_of_the_lowest_level_over_deep_sleeps_restarts_and_torn_records()
    {
        int sleeps = 0;
        int windows = 0;
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var life = new Life(seed);
            for (int i = 0; i < 400; i++)
                life.Step();
            sleeps += life.Sleeps;
            windows += life.Windows;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

        // Else nothing was proven about sleeping devices.
        Assert.InRange(sleeps, 1_000, int.MaxValue);
        Assert.InRange(windows, 1_000, int.MaxValue);
    }

    [Fact]
    public void A_device_with_a_low_battery_sleeps_between_inferences_and_wakes_for_the_radio()
    {
        var files = new SimulatedFiles();
        EnergyManager manager = Manager(files);
        manager.Open(0, 1_000_000, isWake: false);

        manager.Step(0, 1_000_000, 20, isUpdating: false);
        Assert.True(manager.IsRadioOn);
        Assert.Equal(0, manager.SleepMilliseconds(0, 600 * Second));
        manager.Step(60 * Second, 1_060_000, 20, isUpdating: false);
        Assert.False(manager.IsRadioOn);
        Assert.Equal(600 * Second, manager.SleepMilliseconds(60 * Second, 600 * Second));

        // The device wakes 50 minutes later: the window is due in 9.
        EnergyManager woken = Manager(files);
        woken.Open(0, 1_060_000 + (50 * 60 * Second), isWake: true);
        woken.Step(0, 1_060_000 + (50 * 60 * Second), 20, isUpdating: false);
        Assert.False(woken.IsRadioOn);
        Assert.Equal(9 * 60 * Second, woken.SleepMilliseconds(0, 600 * Second));
    }

    [Fact]
    public void A_clock_that_the_sleep_set_back_costs_one_radio_window_and_no_more()
    {
        var files = new SimulatedFiles();
        EnergyManager manager = Manager(files);
        manager.Open(0, 5_000_000, isWake: false);
        manager.Step(0, 5_000_000, 20, isUpdating: false);
        manager.Step(60 * Second, 5_060_000, 20, isUpdating: false);

        EnergyManager woken = Manager(files);
        woken.Open(0, 0, isWake: true);
        woken.Step(0, 0, 20, isUpdating: false);

        Assert.True(woken.IsRadioOn);
    }

    [Fact]
    public void An_update_keeps_the_window_open_but_not_for_ever()
    {
        EnergyManager manager = Manager(new SimulatedFiles());
        manager.Open(0, 0, isWake: false);
        manager.Step(0, 0, 20, isUpdating: false);

        manager.Step(9 * 60 * Second, 0, 20, isUpdating: true);
        Assert.True(manager.IsRadioOn);
        manager.Step(10 * 60 * Second, 0, 20, isUpdating: true);
        Assert.False(manager.IsRadioOn);
    }

    [Fact]
    public void A_device_that_is_charged_again_switches_the_radio_on_at_once()
    {
        EnergyManager manager = Manager(new SimulatedFiles());
        manager.Open(0, 0, isWake: false);
        manager.Step(0, 0, 20, isUpdating: false);
        manager.Step(60 * Second, 0, 20, isUpdating: false);
        Assert.False(manager.IsRadioOn);

        manager.Step(61 * Second, 0, 90, isUpdating: false);

        Assert.True(manager.IsRadioOn);
        Assert.Equal((1_000, 0), (manager.Level.IntervalMilliseconds, manager.SleepMilliseconds(61 * Second, Hour)));
    }

    [Fact]
    public void The_record_is_written_when_a_window_ends_and_not_at_every_sleep()
    {
        var files = new SimulatedFiles();
        EnergyManager manager = Manager(files);
        manager.Open(0, 0, isWake: false);
        manager.Step(0, 0, 20, isUpdating: false);
        manager.Step(60 * Second, 60_000, 20, isUpdating: false);
        long writes = files.Writes;

        for (int i = 1; i <= 5; i++)
        {
            EnergyManager woken = Manager(files);
            woken.Open(0, 60_000 + (i * 600 * Second), isWake: true);
            woken.Step(0, 60_000 + (i * 600 * Second), 20, isUpdating: false);
        }

        Assert.Equal(writes, files.Writes);
    }

    private static EnergyManager Manager(FileStore store) => new(
        new EnergySettings
        {
            Levels =
            [
                new EnergyLevel { IntervalMilliseconds = 600 * Second, RadioPeriodMilliseconds = Hour, SleepsDeeply = true, RunsEconomyModel = true },
                new EnergyLevel { FromPercent = 50, IntervalMilliseconds = Second },
            ],
        },
        Second, store);

    /// <summary>A device from step to step, with a clock that runs through its sleeps.</summary>
    private sealed class Life
    {
        private readonly Random _random;
        private readonly EnergySettings _settings;
        private SimulatedFiles _files = new SimulatedFiles();
        private EnergyManager _manager;
        private long _time = 1_000_000_000;
        private long _start;
        private long _lastWindow;
        private int _battery;

        public Life(int seed)
        {
            _random = new Random(seed);
            _settings = Configurations.Energy(_random);
            _battery = _random.Next(101);
            _lastWindow = _time;
            _manager = Start(isWake: false);
        }

        public int Sleeps { get; private set; }

        public int Windows { get; private set; }

        public void Step()
        {
            _battery = Math.Clamp(_battery + _random.Next(-5, 6), 0, 100);
            bool wasOn = _manager.IsRadioOn;
            _manager.Step(_time - _start, _time, _battery, _random.Next(4) == 0);
            long limit = _settings.Levels.Length == 0 ? 0 : _settings.Levels[0].RadioPeriodMilliseconds;
            // It was on up to this step if it was on after the last one.
            if (_manager.IsRadioOn || wasOn)
            {
                Windows += wasOn ? 0 : 1;
                _lastWindow = _time;
            }
            Assert.True(_time - _lastWindow <= limit, $"{_time - _lastWindow} ms without radio, and a period has {limit}");
            int interval = _manager.Level.IntervalMilliseconds;
            int sleep = _manager.SleepMilliseconds(_time - _start, interval);
            if (sleep > 0)
            {
                Sleeps++;
                _time += sleep;
                if (_random.Next(20) == 0)
                    _files = new SimulatedFiles();
                _manager = Start(isWake: true);
                return;
            }
            _time += Math.Max(1, Math.Min(interval, _manager.Wait(_time - _start)));
            if (_random.Next(50) == 0)
                _manager = Start(isWake: false);
        }

        private EnergyManager Start(bool isWake)
        {
            _start = _time;
            var manager = new EnergyManager(_settings, Second, _files);
            manager.Open(0, _time, isWake);
            return manager;
        }
    }
}
