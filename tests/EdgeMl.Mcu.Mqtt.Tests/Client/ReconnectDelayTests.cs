using EdgeMl.Mcu.Mqtt.Client;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Mqtt.Tests.Client;

public class ReconnectDelayTests
{
    private static readonly ReconnectDelay Delay = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));

    [Theory]
    [InlineData(0, 0.0, 1.0)]
    [InlineData(0, 0.5, 1.5)]
    [InlineData(3, 0.5, 5.0)]
    [InlineData(6, 0.5, 31.0)]
    [InlineData(1_000_000, 0.5, 31.0)]
    public void The_bound_doubles_up_to_its_limit(int failures, double fraction, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Delay.After(failures, fraction));

    [Fact]
    public void A_wait_lies_between_its_bounds() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(), Gen.Choose(0, 999_999).ToArbitrary(), (failures, millionths) =>
            Delay.After(failures, millionths / 1e6) is var wait && wait >= Delay.Min && wait < Delay.Min + Delay.Max));
}
