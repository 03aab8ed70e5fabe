using EdgeMl.Mcu.Testing.Brokers;

namespace EdgeMl.Mcu.Mqtt.Tests.Interoperation;

/// <summary>The broker that the tests of a class share: some take long to start.</summary>
public sealed class RunningBroker : IDisposable
{
    /// <summary>Who may connect.</summary>
    public static BrokerUser User { get; } = new("device-1", "right");

    /// <summary>The broker, or null as long as no test has started it.</summary>
    public ExternalBroker? Broker { get; private set; }

    /// <summary>The broker, which runs.</summary>
    public async Task<ExternalBroker> StartAsync(Func<BrokerUser, ExternalBroker> make)
    {
        if (Broker is null)
        {
            Broker = make(User);
            await Broker.StartAsync();
        }
        return Broker;
    }

    /// <inheritdoc/>
    public void Dispose() => Broker?.Dispose();
}
