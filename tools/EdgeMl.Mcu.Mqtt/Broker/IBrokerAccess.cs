namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>The host's rules: who may connect and which topics are whose. Called from many threads at once.</summary>
/// <remarks>
/// Besides, a broker itself lets no client publish to topics that start with '$', and lets a session be continued or taken over only by the
/// user that it belongs to.
/// </remarks>
public interface IBrokerAccess
{
    /// <summary>Decides about a connection.</summary>
    /// <param name="request">Who asks.</param>
    /// <param name="cancellationToken">Ends with <see cref="BrokerLimits.ConnectTimeout"/> or the connection.</param>
    /// <returns><see cref="ConnectReturnCode.Accepted"/>, or the reason for the refusal.</returns>
    ValueTask<ConnectReturnCode> AuthenticateAsync(ConnectRequest request, CancellationToken cancellationToken);

    /// <summary>Whether a client may publish to a topic. A message to another one is acknowledged and dropped (MQTT 3.1.1, 3.3.5).</summary>
    /// <param name="client">An accepted client.</param>
    /// <param name="topic">A valid topic name; asked for every message, so the answer is quick and needs no allocation.</param>
    bool MayPublish(BrokerClient client, ReadOnlySpan<char> topic);

    /// <summary>Whether a client may subscribe to a filter: to all topics that it selects. Otherwise SUBACK says failure.</summary>
    /// <param name="client">An accepted client.</param>
    /// <param name="filter">A valid topic filter.</param>
    bool MaySubscribe(BrokerClient client, string filter);
}
