using System.Net;

namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>A client of a broker.</summary>
/// <param name="ClientId">Its identifier; the broker makes one up for a client that sends none.</param>
/// <param name="UserName">The user, or null.</param>
/// <param name="RemoteEndPoint">Where it connects from.</param>
public sealed record BrokerClient(string ClientId, string? UserName, EndPoint? RemoteEndPoint);
