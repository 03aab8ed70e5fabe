using EdgeMl.Mcu.Mqtt;
using EdgeMl.Mcu.Toolchain;

namespace EdgeMl.Mcu.Cli.Tests;

public class FailureTests
{
    [Theory]
    [InlineData(MqttErrorCodes.Unreachable, ExitCodes.Unreachable)]
    [InlineData(MqttErrorCodes.ConnectionLost, ExitCodes.Unreachable)]
    [InlineData(MqttErrorCodes.NotConnected, ExitCodes.Unreachable)]
    [InlineData(MqttErrorCodes.ConnectRefused, ExitCodes.Refused)]
    [InlineData(MqttErrorCodes.SubscribeRefused, ExitCodes.Refused)]
    [InlineData(MqttErrorCodes.ListenFailed, ExitCodes.Failed)]
    public void A_failure_of_MQTT_keeps_code_and_hint_and_has_the_exit_code_of_its_kind(string code, int exitCode) =>
        Assert.Equal(new Failure(exitCode, code, "no answer", "a hint"), Failure.Of(new MqttException(code, "no\nanswer", "a hint")));

    [Theory]
    [InlineData(ErrorCodes.DoesNotFit, ExitCodes.Refused)]
    [InlineData(ErrorCodes.FileNotFound, ExitCodes.Failed)]
    public void A_failure_of_the_toolchain_keeps_its_code_also_inside_an_aggregate(string code, int exitCode) =>
        Assert.Equal(new Failure(exitCode, code, "why", null), Failure.Of(new AggregateException(new ToolchainException(code, "why"))));

    [Fact]
    public void An_exception_of_no_library_is_a_bug() => Assert.Equal(Failure.InternalCode, Failure.Of(new InvalidOperationException("x")).Code);
}
