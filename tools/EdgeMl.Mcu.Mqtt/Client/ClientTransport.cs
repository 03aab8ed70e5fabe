using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace EdgeMl.Mcu.Mqtt.Client;

/// <summary>Opens the byte stream to a broker.</summary>
internal static class ClientTransport
{
    /// <summary>Connects a socket, and TLS above it.</summary>
    /// <exception cref="MqttException"><see cref="MqttErrorCodes.Unreachable"/>.</exception>
    public static async Task<(Socket Socket, Stream Stream)> OpenAsync(MqttClientOptions options, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(options.Host, options.Port, cancellationToken);
            var network = new NetworkStream(socket, ownsSocket: true);
            return (socket, options.Tls is null ? network : await SecureAsync(network, options, cancellationToken));
        }
        catch (Exception exception)
        {
            socket.Dispose();
            throw exception switch
            {
                SocketException => new MqttException(
                    MqttErrorCodes.Unreachable, $"The broker {options} is not reachable: {exception.Message}.", "Check host and port, and that the broker runs.", exception),
                AuthenticationException or IOException => new MqttException(
                    MqttErrorCodes.Unreachable, $"TLS with the broker {options} failed: {exception.Message}", "Check the certificates, and that this is the broker's TLS port.", exception),
                _ => exception,
            };
        }
    }

    private static async Task<Stream> SecureAsync(NetworkStream network, MqttClientOptions options, CancellationToken cancellationToken)
    {
        var secure = new SslStream(network);
        try
        {
            await secure.AuthenticateAsClientAsync(WithTarget(options.Tls!, options.Host), cancellationToken);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }

    // The caller's options stay as they are: they may serve for another broker as well.
    private static SslClientAuthenticationOptions WithTarget(SslClientAuthenticationOptions tls, string host) => new()
    {
        TargetHost = tls.TargetHost ?? host,
        AllowRenegotiation = tls.AllowRenegotiation,
        AllowTlsResume = tls.AllowTlsResume,
        ApplicationProtocols = tls.ApplicationProtocols,
        CertificateChainPolicy = tls.CertificateChainPolicy,
        CertificateRevocationCheckMode = tls.CertificateRevocationCheckMode,
        CipherSuitesPolicy = tls.CipherSuitesPolicy,
        ClientCertificateContext = tls.ClientCertificateContext,
        ClientCertificates = tls.ClientCertificates,
        EnabledSslProtocols = tls.EnabledSslProtocols,
        EncryptionPolicy = tls.EncryptionPolicy,
        LocalCertificateSelectionCallback = tls.LocalCertificateSelectionCallback,
        RemoteCertificateValidationCallback = tls.RemoteCertificateValidationCallback,
    };
}
