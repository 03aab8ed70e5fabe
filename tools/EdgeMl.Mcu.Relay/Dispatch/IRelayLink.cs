using EdgeMl.Mcu.Mqtt;

namespace EdgeMl.Mcu.Relay.Dispatch;

/// <summary>The relay's connection to the broker, its own or somebody else's.</summary>
internal interface IRelayLink : IAsyncDisposable
{
    /// <summary>Whether messages go through now.</summary>
    bool IsConnected { get; }

    /// <summary>Whether devices stay connected when the relay ends.</summary>
    bool SurvivesRelay { get; }

    /// <summary>Takes messages from now on. A handler that waits holds up what comes after it, in the end the devices.</summary>
    /// <param name="filters">What to subscribe to.</param>
    /// <param name="handler">Gets messages of each filter one after another.</param>
    /// <param name="onConnected">Is told of each new connection.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    Task StartAsync(IReadOnlyList<string> filters, Func<MqttMessage, CancellationToken, ValueTask> handler, Action onConnected, CancellationToken cancellationToken);

    /// <summary>Publishes a message; waits where the broker holds it up.</summary>
    /// <exception cref="MqttException">There is no connection; the message is not sent.</exception>
    Task PublishAsync(MqttMessage message, CancellationToken cancellationToken);
}
