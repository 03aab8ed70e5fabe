namespace EdgeMl.Mcu.Mqtt;

/// <summary>The codes of <see cref="MqttException"/>.</summary>
public static class MqttErrorCodes
{
    /// <summary>No connection to the broker came about: name, address, port, TLS or time.</summary>
    public const string Unreachable = "mqtt.unreachable";

    /// <summary>The broker answered CONNECT with a refusal.</summary>
    public const string ConnectRefused = "mqtt.connect-refused";

    /// <summary>The connection ended, or the broker was silent for too long.</summary>
    public const string ConnectionLost = "mqtt.connection-lost";

    /// <summary>There is no connection at the moment.</summary>
    public const string NotConnected = "mqtt.not-connected";

    /// <summary>The broker refused a subscription.</summary>
    public const string SubscribeRefused = "mqtt.subscribe-refused";

    /// <summary>A packet breaks the packet format.</summary>
    public const string Malformed = "mqtt.malformed";

    /// <summary>A packet is longer than the limit.</summary>
    public const string PacketTooLarge = "mqtt.packet-too-large";

    /// <summary>A packet is well-formed but not allowed at this point.</summary>
    public const string ProtocolViolation = "mqtt.protocol-violation";

    /// <summary>The other side speaks another version than MQTT 3.1.1.</summary>
    public const string Version = "mqtt.version";

    /// <summary>The broker cannot listen at an address: it is in use, or not this machine's.</summary>
    public const string ListenFailed = "mqtt.listen-failed";

    /// <summary>The application's handler of messages failed.</summary>
    public const string HandlerFailed = "mqtt.handler-failed";
}
