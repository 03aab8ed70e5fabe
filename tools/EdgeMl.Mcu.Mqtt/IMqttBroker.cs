using System.Net;
using EdgeMl.Mcu.Mqtt.Broker;

namespace EdgeMl.Mcu.Mqtt;

/// <summary>An MQTT 3.1.1 broker within this process. It is started once and stopped once.</summary>
/// <remarks>All members are thread-safe.</remarks>
public interface IMqttBroker : IAsyncDisposable
{
    /// <summary>Where the broker listens, in the order of <see cref="BrokerOptions.Listeners"/>, with the ports that port 0 became. Empty before the start.</summary>
    IReadOnlyList<IPEndPoint> EndPoints { get; }

    /// <summary>Counts at this moment.</summary>
    BrokerStatistics Statistics { get; }

    /// <summary>Listens and serves clients until <see cref="StopAsync"/>.</summary>
    /// <exception cref="MqttException"><see cref="MqttErrorCodes.ListenFailed"/>.</exception>
    Task StartAsync(CancellationToken cancellationToken = default);

    /// <summary>Takes no more clients, sends what is waiting to be sent for at most <see cref="BrokerLimits.StopTimeout"/>, and closes all connections.</summary>
    /// <remarks>Wills are not sent: whoever would receive them is disconnected as well.</remarks>
    /// <param name="cancellationToken">Closes the connections at once.</param>
    Task StopAsync(CancellationToken cancellationToken = default);
}
