using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeMl.Mcu.Mqtt.MqttNet;

/// <summary>Options of a client in MQTTnet's terms.</summary>
internal static class MqttNetOptions
{
    public static MQTTnet.MqttClientOptions From(Client.MqttClientOptions options)
    {
        var result = new MQTTnet.MqttClientOptions
        {
            ProtocolVersion = MqttProtocolVersion.V311,
            ClientId = options.ClientId,
            CleanSession = options.CleanSession,
            KeepAlivePeriod = options.KeepAlive,
            Timeout = options.AcknowledgementTimeout,
            // Bridges only; brokers that do not know it refuse the protocol level.
            TryPrivate = false,
            Credentials = options.UserName is { } user ? new MqttClientCredentials(user, options.Password is { } password ? Encoding.UTF8.GetBytes(password) : null) : null,
            ChannelOptions = new MqttClientTcpOptions
            {
                RemoteEndpoint = new DnsEndPoint(options.Host, options.Port),
                LingerState = new LingerOption(false, 0),
                TlsOptions = options.Tls is { } tls ? Tls(tls, options.Host) : new MqttClientTlsOptions { UseTls = false },
            },
        };
        if (options.Will is { } will)
        {
            result.WillTopic = will.Topic;
            result.WillPayload = will.Payload.ToArray();
            result.WillQualityOfServiceLevel = (MqttQualityOfServiceLevel)will.Quality;
            result.WillRetain = will.Retain;
        }
        return result;
    }

    private static MqttClientTlsOptions Tls(SslClientAuthenticationOptions tls, string host)
    {
        var result = new MqttClientTlsOptions
        {
            UseTls = true,
            TargetHost = tls.TargetHost ?? host,
            SslProtocol = tls.EnabledSslProtocols,
            RevocationMode = tls.CertificateRevocationCheckMode,
        };
        if (tls.RemoteCertificateValidationCallback is { } callback)
            result.CertificateValidationHandler = shown => callback(result, shown.Certificate, shown.Chain, shown.SslPolicyErrors);
        return result;
    }
}
