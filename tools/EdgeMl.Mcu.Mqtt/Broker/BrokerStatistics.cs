namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>What a broker holds now and did since its start.</summary>
public sealed record BrokerStatistics
{
    /// <summary>Connections now, those included that are not accepted yet.</summary>
    public required int Connections { get; init; }

    /// <summary>Sessions now, connected or not.</summary>
    public required int Sessions { get; init; }

    /// <summary>Subscriptions of all sessions now.</summary>
    public required int Subscriptions { get; init; }

    /// <summary>Retained messages now.</summary>
    public required int Retained { get; init; }

    /// <summary>Messages from clients, repeated ones included.</summary>
    public required long MessagesReceived { get; init; }

    /// <summary>Messages to clients, repeated ones included.</summary>
    public required long MessagesSent { get; init; }

    /// <summary>Messages that a client did not get because its queue was full.</summary>
    public required long MessagesDropped { get; init; }

    /// <summary>Messages that were not retained for want of room.</summary>
    public required long MessagesNotRetained { get; init; }

    /// <summary>Messages and subscriptions that the rules forbid.</summary>
    public required long Denied { get; init; }

    /// <summary>Connections that ended before a client was accepted.</summary>
    public required long Refused { get; init; }

    /// <summary>Connections that were closed for breaking the protocol.</summary>
    public required long ProtocolErrors { get; init; }
}
