using System.Security.Cryptography.X509Certificates;

namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>A client that wants to connect, and what it shows.</summary>
/// <param name="Client">Who it says it is.</param>
/// <param name="Password">Its password, or null. Valid during the call only.</param>
/// <param name="Certificate">Its TLS certificate as far as the listener asked for one, checked by TLS; otherwise null.</param>
public sealed record ConnectRequest(BrokerClient Client, ReadOnlyMemory<byte>? Password, X509Certificate? Certificate)
{
    /// <summary>The request without the password.</summary>
    public override string ToString() => Client.ToString();
}
