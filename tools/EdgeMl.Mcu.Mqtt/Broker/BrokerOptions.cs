using System.Net;

namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>What a broker is made with.</summary>
public sealed class BrokerOptions
{
    /// <summary>The registered port of MQTT without TLS.</summary>
    public const int DefaultPort = 1883;

    /// <summary>Where it listens; by default on the loopback interface only.</summary>
    public IReadOnlyList<BrokerListener> Listeners { get; init; } = [new(new IPEndPoint(IPAddress.Loopback, DefaultPort))];

    /// <summary>Who may connect, publish and subscribe. There is no default: nobody is let in unasked.</summary>
    public required IBrokerAccess Access { get; init; }

    /// <summary>Bounds of everything that clients can make grow.</summary>
    public BrokerLimits Limits { get; init; } = new();

    /// <summary>Is told of connections and of handlers that fail; called from their own threads, so it returns quickly and does not throw.</summary>
    public Action<BrokerEvent>? Observer { get; init; }
}
