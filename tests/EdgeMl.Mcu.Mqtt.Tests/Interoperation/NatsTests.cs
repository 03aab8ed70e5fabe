using EdgeMl.Mcu.Testing.Brokers;

namespace EdgeMl.Mcu.Mqtt.Tests.Interoperation;

/// <summary>NATS with JetStream.</summary>
public class NatsTests(RunningBroker running) : ExternalBrokerTests(running), IClassFixture<RunningBroker>
{
    /// <inheritdoc/>
    protected override ExternalBroker Make(BrokerUser user) => new NatsServer(user);
}
