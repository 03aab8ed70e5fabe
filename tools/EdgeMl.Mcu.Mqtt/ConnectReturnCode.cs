namespace EdgeMl.Mcu.Mqtt;

/// <summary>The broker's answer to CONNECT (MQTT 3.1.1, table 3.1).</summary>
public enum ConnectReturnCode
{
    /// <summary>Connected.</summary>
    Accepted = 0,

    /// <summary>The broker does not speak the requested protocol level.</summary>
    UnacceptableProtocolVersion = 1,

    /// <summary>The client identifier is not allowed.</summary>
    IdentifierRejected = 2,

    /// <summary>The broker has no room.</summary>
    ServerUnavailable = 3,

    /// <summary>User name or password are wrong.</summary>
    BadUserNameOrPassword = 4,

    /// <summary>The client may not connect.</summary>
    NotAuthorized = 5,
}
