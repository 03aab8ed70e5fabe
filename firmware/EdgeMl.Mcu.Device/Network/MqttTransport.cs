namespace EdgeMl.Mcu.Device.Network;

/// <summary>The port to an MQTT client of the board. <see cref="Open"/> and <see cref="Close"/> are called by one thread, which they may block; the others by another one.</summary>
/// <remarks>No member throws, and no call of <see cref="OnMessage"/> or <see cref="OnClosed"/> does.</remarks>
public abstract class MqttTransport
{
    /// <summary>The link that is told of messages.</summary>
    internal SupervisedLink Link { get; set; }

    /// <summary>Connects to the broker and logs in. May block for a minute.</summary>
    /// <returns>Whether the broker accepted. If not, everything that the attempt took is given back.</returns>
    public abstract bool Open();

    /// <summary>Ends the connection and gives back what it took; does nothing where there is none.</summary>
    public abstract void Close();

    /// <summary>Hands a message to the client. Does not wait for the broker.</summary>
    /// <param name="topic">Topic name.</param>
    /// <param name="payload">The message; not changed afterwards.</param>
    /// <param name="quality">MQTT's quality of service, 0 or 1.</param>
    /// <returns>False where the client has no room for it or no connection.</returns>
    public abstract bool Publish(string topic, byte[] payload, int quality);

    /// <summary>Asks for the messages of a topic. Does not wait for the broker.</summary>
    /// <param name="filter">Topic filter.</param>
    /// <param name="quality">MQTT's quality of service, 0 or 1.</param>
    /// <returns>False where the client has no room for the request or no connection.</returns>
    public abstract bool Subscribe(string filter, int quality);

    /// <summary>Ends a subscription. Does not wait for the broker.</summary>
    /// <param name="filter">Topic filter.</param>
    /// <returns>False where the client has no room for the request or no connection.</returns>
    public abstract bool Unsubscribe(string filter);

    /// <summary>To be called with each message of the present connection, from any thread. What there is no room for is dropped before it is copied.</summary>
    /// <param name="topic">Topic name.</param>
    /// <param name="payload">The message.</param>
    protected void OnMessage(string topic, byte[] payload)
    {
        Link.OnMessage(topic, payload);
    }

    /// <summary>To be called when the present connection has ended, from any thread; more than once does no harm.</summary>
    protected void OnClosed()
    {
        Link.OnClosed();
    }
}
