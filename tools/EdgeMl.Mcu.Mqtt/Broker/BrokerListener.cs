using System.Net;
using System.Net.Security;

namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>An address at which a broker listens.</summary>
/// <param name="EndPoint">Address and port; port 0 takes a free one.</param>
/// <param name="Tls">Certificate and rules of TLS, or null for plain TCP.</param>
public sealed record BrokerListener(IPEndPoint EndPoint, SslServerAuthenticationOptions? Tls = null);
