using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace EdgeMl.Mcu.Relay;

/// <summary>What a relay is started with. Without further ado it listens on the loopback interface only.</summary>
public sealed record RelayOptions
{
    /// <summary>Port of the HTTP API where none is given.</summary>
    public const int DefaultHttpPort = 7280;

    /// <summary>Folder of database, artifacts and the first API key; made if need be.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The fleet's name: 1 to 32 characters of a-z 0-9 - _ of which the first is a letter or digit.</summary>
    public string Fleet { get; init; } = "default";

    /// <summary>Where the HTTP API listens; port 0 takes a free one.</summary>
    public IPEndPoint HttpEndPoint { get; init; } = new(IPAddress.Loopback, DefaultHttpPort);

    /// <summary>Where the embedded broker listens; port 0 takes a free one.</summary>
    public IPEndPoint BrokerEndPoint { get; init; } = new(IPAddress.Loopback, Mqtt.Broker.BrokerOptions.DefaultPort);

    /// <summary>An external broker, <c>mqtt://USER:PASSWORD@HOST:PORT</c> or <c>mqtts://…</c>; null for the embedded one.</summary>
    public Uri? Broker { get; init; }

    /// <summary>The broker's address as devices are told, where they do not see it as the relay does.</summary>
    public Uri? PublicBroker { get; init; }

    /// <summary>Certificate with private key: HTTP API and embedded broker speak TLS then. Null for plain TCP.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The fleet's first publisher key, 52 bytes; null if it is set later, or is set already.</summary>
    public byte[]? PublisherKey { get; init; }

    /// <summary>Whether logs are lines of JSON.</summary>
    public bool JsonLogs { get; init; }

    /// <summary>What is logged, on standard error.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Results that are kept of each device, 1 or more; the oldest go first.</summary>
    public int ResultsPerDeviceMax { get; init; } = 10_000;

    /// <summary>Wait before a device that has failed for now gets its next order; doubles with each further one.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Wait before a connected device that does not answer is told again what to run; doubles up to 40 times as much.</summary>
    public TimeSpan ReminderDelay { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The clocks.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Bytes to which the database may grow, in steps of its pages of 4,096; null for no limit but the disk's.</summary>
    public long? DatabaseBytesMax { get; init; }
}
