using EdgeMl.Mcu.Testing.Brokers;

namespace EdgeMl.Mcu.Mqtt.Tests.Interoperation;

/// <summary>Mosquitto, in what brokers have in common.</summary>
public class MosquittoCommonTests(RunningBroker running) : ExternalBrokerTests(running), IClassFixture<RunningBroker>
{
    /// <inheritdoc/>
    protected override ExternalBroker Make(BrokerUser user) => new MosquittoServer(user);
}
