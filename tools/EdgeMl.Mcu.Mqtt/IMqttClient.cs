using EdgeMl.Mcu.Mqtt.Client;

namespace EdgeMl.Mcu.Mqtt;

/// <summary>A client of an MQTT 3.1.1 broker that keeps itself connected. It is connected once and disconnected once.</summary>
/// <remarks>
/// All members are thread-safe. Messages that come in go to <see cref="MqttClientOptions.MessageHandler"/>, changes of the connection to
/// <see cref="MqttClientOptions.ConnectionHandler"/>.
/// </remarks>
public interface IMqttClient : IAsyncDisposable
{
    /// <summary>Whether there is a connection now.</summary>
    bool IsConnected { get; }

    /// <summary>Connects. Once that succeeded, a connection that is lost is made anew, with subscriptions and unacknowledged messages, until <see cref="DisconnectAsync"/>.</summary>
    /// <exception cref="MqttException">
    /// <see cref="MqttErrorCodes.Unreachable"/> or <see cref="MqttErrorCodes.ConnectRefused"/>; the call may be repeated.
    /// </exception>
    Task ConnectAsync(CancellationToken cancellationToken = default);

    /// <summary>Publishes a message with QoS 0 or 1.</summary>
    /// <remarks>
    /// With QoS 0 the task ends when the message is handed to the network. With QoS 1 it ends when the broker has acknowledged it; the message is
    /// sent again on a new connection until then, and a full window (<see cref="MqttClientOptions.InflightMax"/>) is waited for. Cancelling ends
    /// the wait; a QoS 1 message that has its place in the window is sent nevertheless.
    /// </remarks>
    /// <exception cref="MqttException">
    /// <see cref="MqttErrorCodes.NotConnected"/> (QoS 0, or after disconnecting) or <see cref="MqttErrorCodes.ConnectionLost"/> (QoS 0: before the
    /// message was sent; QoS 1: the client was disconnected before the acknowledgement).
    /// </exception>
    Task PublishAsync(MqttMessage message, CancellationToken cancellationToken = default);

    /// <summary>Subscribes to a topic filter with QoS 0 or 1 and waits for the broker's consent. The subscription is kept over new connections.</summary>
    /// <exception cref="MqttException">
    /// <see cref="MqttErrorCodes.SubscribeRefused"/>, <see cref="MqttErrorCodes.NotConnected"/> or <see cref="MqttErrorCodes.ConnectionLost"/>; there is no subscription then.
    /// </exception>
    Task SubscribeAsync(string filter, QualityOfService quality, CancellationToken cancellationToken = default);

    /// <summary>Ends a subscription and waits for the broker's answer.</summary>
    /// <exception cref="MqttException"><see cref="MqttErrorCodes.NotConnected"/> or <see cref="MqttErrorCodes.ConnectionLost"/>.</exception>
    Task UnsubscribeAsync(string filter, CancellationToken cancellationToken = default);

    /// <summary>Says DISCONNECT, so that there is no will, and closes the connection for good.</summary>
    Task DisconnectAsync(CancellationToken cancellationToken = default);
}
