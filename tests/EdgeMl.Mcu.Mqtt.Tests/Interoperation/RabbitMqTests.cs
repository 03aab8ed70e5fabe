using EdgeMl.Mcu.Testing.Brokers;

namespace EdgeMl.Mcu.Mqtt.Tests.Interoperation;

/// <summary>RabbitMQ with its MQTT plug-in.</summary>
public class RabbitMqTests(RunningBroker running) : ExternalBrokerTests(running), IClassFixture<RunningBroker>
{
    /// <inheritdoc/>
    protected override ExternalBroker Make(BrokerUser user) => new RabbitMqServer(user);
}
