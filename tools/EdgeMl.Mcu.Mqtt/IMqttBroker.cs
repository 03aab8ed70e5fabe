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

    /// <summary>Publishes a message from this process, between start and stop, without a client: no rule of <see cref="IBrokerAccess"/> applies.</summary>
    /// <remarks>
    /// When the task ends, the message is in the queues of its subscribers, which share one copy of it; subscribers are never waited for.
    /// </remarks>
    /// <exception cref="ArgumentException">The topic has more levels than <see cref="BrokerLimits.TopicLevelsMax"/>.</exception>
    ValueTask PublishAsync(MqttMessage message, CancellationToken cancellationToken = default);

    /// <summary>Hands messages to a handler in this process, between start and stop, without a connection: retained ones first, then all that are published.</summary>
    /// <remarks>
    /// Each message comes once, also where filters overlap, one after another, in the order of publication, and nothing is dropped: a client whose message
    /// finds more waiting than <see cref="BrokerLimits.InProcessQueueLengthMax"/> is not read from until there is room. If the handler throws, a message of QoS 1
    /// or 2 is handed over again after a short while, one of QoS 0 is dropped, and <see cref="BrokerOptions.Observer"/> is told. The handler may publish
    /// and subscribe; it must neither end its own subscription nor stop the broker.
    /// </remarks>
    /// <param name="filters">Topic filters, at least one.</param>
    /// <param name="handler">Gets the messages, and a token that is cancelled with the subscription.</param>
    /// <param name="cancellationToken">Cancels the call, not the subscription.</param>
    /// <returns>The subscription; disposing it waits for a handler that runs and drops what waits.</returns>
    /// <exception cref="ArgumentException">A filter is no topic filter, or has more levels than <see cref="BrokerLimits.TopicLevelsMax"/>.</exception>
    ValueTask<IAsyncDisposable> SubscribeAsync(
        IReadOnlyCollection<string> filters, Func<MqttMessage, CancellationToken, ValueTask> handler, CancellationToken cancellationToken = default);

    /// <summary>Takes no more clients, sends what is waiting to be sent for at most <see cref="BrokerLimits.StopTimeout"/>, and closes all connections.</summary>
    /// <remarks>Wills are not sent: whoever would receive them is disconnected as well.</remarks>
    /// <param name="cancellationToken">Closes the connections at once.</param>
    Task StopAsync(CancellationToken cancellationToken = default);
}
