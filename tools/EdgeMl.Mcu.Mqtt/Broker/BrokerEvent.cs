using System.Net;

namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>What happened to a connection or a handler.</summary>
public enum BrokerEventKind
{
    /// <summary>A client was accepted.</summary>
    Connected,

    /// <summary>A client that was accepted is gone.</summary>
    Disconnected,

    /// <summary>A connection ended before a client was accepted.</summary>
    Refused,

    /// <summary>A handler in this process threw; there is neither a client nor a connection.</summary>
    HandlerFailed,
}

/// <summary>Something that happened to a connection or a handler, for logs.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="ClientId">The client, or null as long as it is unknown.</param>
/// <param name="RemoteEndPoint">Where it connects from, or null.</param>
/// <param name="Reason">Why the connection ended or the handler failed, or null. Holds no secrets.</param>
public sealed record BrokerEvent(BrokerEventKind Kind, string? ClientId, EndPoint? RemoteEndPoint, string? Reason);
