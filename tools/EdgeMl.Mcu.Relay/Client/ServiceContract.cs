namespace EdgeMl.Mcu.Relay.Client;

/// <summary>What an API key may do; each role may do what the ones before it may.</summary>
public enum Role
{
    /// <summary>Reads everything but secrets.</summary>
    Viewer,

    /// <summary>Enrols, tags and revokes devices, makes and steers rollouts.</summary>
    Operator,

    /// <summary>Publishes models, sets publisher keys, makes API keys.</summary>
    Publisher,
}

/// <summary>What a relay is.</summary>
public sealed record RelayInfo
{
    /// <summary>The fleet's name, a level of all topics.</summary>
    public required string Fleet { get; init; }

    /// <summary>The broker's address as devices are told, <c>mqtt://HOST:PORT</c> or <c>mqtts://HOST:PORT</c>.</summary>
    public required string Broker { get; init; }

    /// <summary>Version of the relay.</summary>
    public required string Version { get; init; }

    /// <summary>Generation of the fleet's present publisher key; null as long as there is none.</summary>
    public int? KeyGeneration { get; init; }

    /// <summary>Devices that are not revoked.</summary>
    public required int Devices { get; init; }

    /// <summary>Devices that are connected.</summary>
    public required int Online { get; init; }
}

/// <summary>Whether a relay works.</summary>
public sealed record HealthInfo
{
    /// <summary><c>ok</c>, or <c>degraded</c> with HTTP status 503.</summary>
    public required string Status { get; init; }

    /// <summary>Whether the database takes writes.</summary>
    public required bool Storage { get; init; }

    /// <summary>Whether there is a connection to the broker.</summary>
    public required bool Broker { get; init; }
}

/// <summary>The body of every failed answer.</summary>
public sealed record ErrorBody
{
    /// <summary>What failed.</summary>
    public required ErrorDetail Error { get; init; }
}

/// <summary>A failure, as in every JSON output of the tools.</summary>
public sealed record ErrorDetail
{
    /// <summary>One of <see cref="RelayErrorCodes"/>.</summary>
    public required string Code { get; init; }

    /// <summary>What happened.</summary>
    public required string Message { get; init; }

    /// <summary>What to do about it, or null.</summary>
    public string? Hint { get; init; }
}

/// <summary>An API key to be made.</summary>
public sealed record ApiKeyRequest
{
    /// <summary>Whose it is, 1 to 64 characters; named in the audit log.</summary>
    public required string Name { get; init; }

    /// <summary>What it may do.</summary>
    public required Role Role { get; init; }

    /// <summary>Seconds until it expires; null for never.</summary>
    public long? LifetimeSeconds { get; init; }
}

/// <summary>An API key, without its secret.</summary>
public record ApiKeyInfo
{
    /// <summary>The public part of the key.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required string Name { get; init; }

    /// <summary>What it may do.</summary>
    public required Role Role { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it expires; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Whether it was revoked.</summary>
    public bool IsRevoked { get; init; }
}

/// <summary>A new API key. This answer is the only one that shows it.</summary>
public sealed record ApiKeyCreated : ApiKeyInfo
{
    /// <summary>The whole key, as it is shown to the relay.</summary>
    public required string Key { get; init; }
}

/// <summary>An entry of the audit log.</summary>
public sealed record AuditEntry
{
    /// <summary>Number, from 1 without gaps.</summary>
    public required long Seq { get; init; }

    /// <summary>The relay's clock; the order is by <see cref="Seq"/>.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Name of the API key that acted, or <c>relay</c>.</summary>
    public required string Actor { get; init; }

    /// <summary>What was done, such as <c>rollout.pause</c>.</summary>
    public required string Action { get; init; }

    /// <summary>To what: <c>rollout/3</c>, <c>device/kitchen</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>Particulars; may be empty.</summary>
    public required string Detail { get; init; }

    /// <summary>Hash of the entry before it, 64 hex digits; zeros for the first.</summary>
    public required string Previous { get; init; }

    /// <summary>Hash of this entry, 64 hex digits.</summary>
    public required string Hash { get; init; }
}
