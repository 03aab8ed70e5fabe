using System.Net.Security;
using EdgeMl.Mcu.Mqtt.Packets;

namespace EdgeMl.Mcu.Mqtt.Client;

/// <summary>What a client is made with.</summary>
public sealed record MqttClientOptions
{
    /// <summary>The registered port of MQTT without TLS.</summary>
    public const int DefaultPort = 1883;

    /// <summary>The registered port of MQTT over TLS.</summary>
    public const int DefaultTlsPort = 8883;

    /// <summary>Name or address of the broker.</summary>
    public required string Host { get; init; }

    /// <summary>Its port, 1 to 65,535.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Rules of TLS, or null for plain TCP. Without a target host, <see cref="Host"/> is checked.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>The client identifier; an empty one lets the broker choose and needs <see cref="CleanSession"/>.</summary>
    public string ClientId { get; init; } = string.Empty;

    /// <summary>Whether the broker forgets subscriptions and messages when the connection ends.</summary>
    public bool CleanSession { get; init; } = true;

    /// <summary>The user, or null.</summary>
    public string? UserName { get; init; }

    /// <summary>The password, only with a user; or null.</summary>
    public string? Password { get; init; }

    /// <summary>What the broker publishes when the connection ends without <see cref="IMqttClient.DisconnectAsync"/>, or null.</summary>
    public MqttMessage? Will { get; init; }

    /// <summary>How long the connection may be silent before it is probed; whole seconds up to 65,535, 0 for never.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time for connecting, TLS and the broker's answer.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time for an acknowledgement, for the answer to a probe, and for the network to take a packet; then the connection counts as lost and is made anew.</summary>
    public TimeSpan AcknowledgementTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Shortest and longest wait before a new connection; it doubles from one failure to the next and is drawn at random.</summary>
    public ReconnectDelay ReconnectDelay { get; init; } = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(60));

    /// <summary>QoS 1 messages that are sent and not acknowledged, 1 to 65,535.</summary>
    public int InflightMax { get; init; } = 32;

    /// <summary>Messages that wait for the handler; further ones of QoS 0 are dropped. Those of QoS 1 are bounded by the broker's window.</summary>
    public int ReceiveQueueMax { get; init; } = 4_096;

    /// <summary>Bytes of a packet from the broker; a larger one ends the connection.</summary>
    public int PacketBytesMax { get; init; } = 1024 * 1024;

    /// <summary>Gets the messages, one after another. A QoS 1 message is acknowledged when the handler's task has ended.</summary>
    /// <remarks>
    /// An exception ends the connection, so that the broker sends the message again if the session is kept. The handler may publish and
    /// subscribe; it must not disconnect or dispose the client.
    /// </remarks>
    public Func<MqttMessage, CancellationToken, ValueTask>? MessageHandler { get; init; }

    /// <summary>Is told when a connection begins, ends, or cannot be made anew. It returns quickly and does not throw.</summary>
    public Action<ConnectionChange>? ConnectionHandler { get; init; }

    /// <summary>The options for an address such as <c>mqtt://host</c> or <c>mqtts://user:password@host:8883</c>.</summary>
    /// <exception cref="ArgumentException">Another scheme, or a path.</exception>
    public static MqttClientOptions From(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        bool isTls = address.Scheme == "mqtts";
        if ((!isTls && address.Scheme != "mqtt") || address.Host.Length == 0 || address.AbsolutePath.Trim('/').Length > 0)
            throw new ArgumentException("A broker's address is mqtt://HOST[:PORT] or mqtts://HOST[:PORT].", nameof(address));
        string[] user = address.UserInfo.Split(':', 2);
        return new MqttClientOptions
        {
            Host = address.IdnHost,
            Port = address.Port > 0 ? address.Port : isTls ? DefaultTlsPort : DefaultPort,
            Tls = isTls ? new SslClientAuthenticationOptions() : null,
            UserName = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : null,
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
        };
    }

    /// <summary>The address, without secrets.</summary>
    public override string ToString() => $"{(Tls is null ? "mqtt" : "mqtts")}://{Host}:{Port}";

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(Port, (ushort)Port);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Port);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(InflightMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(InflightMax, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ReceiveQueueMax);
        ArgumentOutOfRangeException.ThrowIfNotEqual(KeepAlive, TimeSpan.FromSeconds((ushort)KeepAlive.TotalSeconds));
        if (!MqttText.IsValid(ClientId) || !MqttText.IsValid(UserName) || !MqttText.IsValid(Password))
            throw new ArgumentException("Client identifier, user and password have at most 65,535 bytes in UTF-8 and no U+0000.");
        if (ClientId.Length == 0 && !CleanSession)
            throw new ArgumentException("A session that is kept needs a client identifier.");
        if (Password is not null && UserName is null)
            throw new ArgumentException("A password needs a user.");
        if (Will?.Payload.Length > ushort.MaxValue)
            throw new ArgumentException("A will has at most 65,535 bytes.");
    }
}
