namespace EdgeMl.Mcu.Mqtt;

/// <summary>The codes of <see cref="MqttException"/>. A code is never renamed or reused.</summary>
/// <remarks>The remarks of a code say what to do about it; docs/errors.md is written from both.</remarks>
public static class MqttErrorCodes
{
    /// <summary>No connection to the broker came about: name, address, port, TLS or time.</summary>
    /// <remarks>Check host, port and TLS, and that the broker runs.</remarks>
    public const string Unreachable = "mqtt.unreachable";

    /// <summary>The broker answered CONNECT with a refusal.</summary>
    /// <remarks>Check client identifier, user and password.</remarks>
    public const string ConnectRefused = "mqtt.connect-refused";

    /// <summary>The connection ended, or the broker was silent for too long.</summary>
    /// <remarks>Try again; check the network, and the broker's log for the reason.</remarks>
    public const string ConnectionLost = "mqtt.connection-lost";

    /// <summary>There is no connection at the moment.</summary>
    /// <remarks>Try again when the connection is back.</remarks>
    public const string NotConnected = "mqtt.not-connected";

    /// <summary>The broker refused a subscription.</summary>
    /// <remarks>Give the user the right to read the topic.</remarks>
    public const string SubscribeRefused = "mqtt.subscribe-refused";

    /// <summary>A packet breaks the packet format.</summary>
    /// <remarks>Check that the other side speaks MQTT at this port, and update it.</remarks>
    public const string Malformed = "mqtt.malformed";

    /// <summary>A packet is longer than the limit.</summary>
    /// <remarks>Send smaller messages, or raise the limit.</remarks>
    public const string PacketTooLarge = "mqtt.packet-too-large";

    /// <summary>A packet is well-formed but not allowed at this point.</summary>
    /// <remarks>Update the other side: it breaks MQTT 3.1.1.</remarks>
    public const string ProtocolViolation = "mqtt.protocol-violation";

    /// <summary>The other side speaks another version than MQTT 3.1.1.</summary>
    /// <remarks>Let the other side speak MQTT 3.1.1.</remarks>
    public const string Version = "mqtt.version";

    /// <summary>The broker cannot listen at an address: it is in use, or not this machine's.</summary>
    /// <remarks>Choose another port or address, or stop what uses this one.</remarks>
    public const string ListenFailed = "mqtt.listen-failed";

    /// <summary>The application's handler of messages failed.</summary>
    /// <remarks>See the message for the reason, such as a full disk.</remarks>
    public const string HandlerFailed = "mqtt.handler-failed";
}
