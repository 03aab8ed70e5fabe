using EdgeMl.Mcu.Agent.Ports;
using EdgeMl.Mcu.Device.Energy;
using EdgeMl.Mcu.Device.Tests.Configuration;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Device.Tests.Energy;

public class EnergyPolicyTests
{
    private static readonly Gen<EnergySettings> AnySettings = Gen.Choose(0, int.MaxValue).Select(seed => Configurations.Energy(new Random(seed)));

    [Fact]
    public void Settings_that_tests_make_are_valid() => Prop.ForAll(AnySettings.ToArbitrary(), settings => settings.AreValid()).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void A_lower_charge_never_costs_more_energy_than_a_higher_one() =>
        Prop.ForAll(AnySettings.ToArbitrary(), settings =>
        {
            for (int percent = 1; percent <= 100; percent++)
            {
                EnergyLevel lower = At(settings, percent - 1);
                EnergyLevel higher = At(settings, percent);
                Assert.True(lower.IntervalMilliseconds >= higher.IntervalMilliseconds);
                Assert.True(lower.RadioPeriodMilliseconds == 0 ? higher.RadioPeriodMilliseconds == 0 : lower.RadioPeriodMilliseconds >= higher.RadioPeriodMilliseconds);
                Assert.True(lower.RunsEconomyModel || !higher.RunsEconomyModel);
                Assert.True(lower.SleepsDeeply || !higher.SleepsDeeply);
            }
        }).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void A_charge_that_swings_by_less_than_the_hysteresis_changes_the_level_no_more_once_it_is_down() =>
        Prop.ForAll((from settings in AnySettings from center in Gen.Choose(0, 99) from swings in Gen.ListOf(Gen.Choose(0, 49), 60) select (settings, center, swings)).ToArbitrary(), test =>
        {
            int amplitude = Math.Max(1, test.settings.HysteresisPercent);
            var policy = new EnergyPolicy(test.settings, 1_000);
            // The lowest charge of the swing comes first.
            policy.Update(test.center);
            int level = policy.Index;
            foreach (int swing in test.swings)
            {
                // A full battery has the highest level whatever was before.
                policy.Update(Math.Min(99, test.center + (swing % amplitude)));
                Assert.Equal(level, policy.Index);
            }
        }).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void A_full_battery_reaches_the_highest_level_and_an_empty_one_the_lowest() =>
        Prop.ForAll(AnySettings.ToArbitrary(), settings =>
        {
            var policy = new EnergyPolicy(settings, 1_000);
            policy.Update(0);
            Assert.Equal(Math.Min(0, settings.Levels.Length - 1), policy.Index);
            policy.Update(100);
            Assert.Equal(settings.Levels.Length - 1, policy.Index);
            policy.Update(0);
            policy.Update(BoardHealth.NoBattery);
            Assert.Equal(settings.Levels.Length - 1, policy.Index);
        }).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void Without_levels_the_interval_is_the_sensor_s_and_the_radio_stays_on()
    {
        EnergyLevel level = new EnergyPolicy(new EnergySettings(), 250).Level;

        Assert.Equal((250, 0, false, false), (level.IntervalMilliseconds, level.RadioPeriodMilliseconds, level.RunsEconomyModel, level.SleepsDeeply));
    }

    [Theory]
    [InlineData(0, 3_000, 0, 3_300, 4_200, 6_600)]
    [InlineData(4095, 100, 1, 3_300, 4_200, 6_600)]
    [InlineData(2048, 100, 2, 2_000, 3_000, 6_600)]
    [InlineData(2327, 50, 3, 3_300, 4_200, 6_600)]
    public void The_charge_follows_the_voltage_between_empty_and_full(int reading, int percent, int channel, int empty, int full, int scale)
    {
        var battery = new Device.Configuration.BatterySettings { Channel = channel, EmptyMillivolts = empty, FullMillivolts = full, ScaleMillivolts = scale };

        Assert.Equal(Math.Min(percent, reading == 0 ? 0 : 100), battery.Percent(reading, 4095));
    }

    private static EnergyLevel At(EnergySettings settings, int percent)
    {
        var policy = new EnergyPolicy(new EnergySettings { Levels = settings.Levels, HysteresisPercent = 0 }, 1_000);
        policy.Update(percent);
        return policy.Level;
    }
}
