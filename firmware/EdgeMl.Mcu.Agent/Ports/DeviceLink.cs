using EdgeMl.Mcu.Agent.Messages;

namespace EdgeMl.Mcu.Agent.Ports;

/// <summary>
/// The port to the broker. The agent calls it from its own thread; no member blocks or throws. What the broker sends goes to <see cref="Inbox"/>, from any
/// thread, whenever it comes.
/// </summary>
/// <remarks>
/// The link logs in with the device id as client id and user name, <see cref="DeviceKeys.Password"/>, a clean session, and a will of QoS 1, empty where the client can send one, to
/// <see cref="DeviceTopics.Offline"/>. It need not keep subscriptions over connections: the agent subscribes anew on each one.
/// </remarks>
public abstract class DeviceLink
{
    /// <summary>Where received messages go. Set by the agent before it calls anything else.</summary>
    public Inbox Inbox { get; set; }

    /// <summary>Number of the present connection, above 0 and another one for each connection; 0 while there is none.</summary>
    public abstract int Connection { get; }

    /// <summary>Begins to connect, where neither a connection nor an attempt is there. Returns at once; <see cref="Connection"/> tells the outcome.</summary>
    public abstract void Connect();

    /// <summary>Sends a message. The bytes are copied before the call returns.</summary>
    /// <param name="topic">Topic name.</param>
    /// <param name="buffer">Holds the payload.</param>
    /// <param name="offset">Its first byte.</param>
    /// <param name="count">Number of bytes, 0 or more.</param>
    /// <param name="quality">MQTT's quality of service, 0 or 1.</param>
    /// <returns>False where it was not sent. True promises nothing: the protocol has acknowledgements of its own.</returns>
    public abstract bool Publish(string topic, byte[] buffer, int offset, int count, int quality);

    /// <summary>Asks the broker for the messages of a topic.</summary>
    /// <param name="filter">Topic filter.</param>
    /// <param name="quality">MQTT's quality of service, 0 or 1.</param>
    /// <returns>False where the request was not sent.</returns>
    public abstract bool Subscribe(string filter, int quality);

    /// <summary>Ends a subscription.</summary>
    /// <param name="filter">Topic filter.</param>
    /// <returns>False where the request was not sent.</returns>
    public abstract bool Unsubscribe(string filter);
}
