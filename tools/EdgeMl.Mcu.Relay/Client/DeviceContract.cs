namespace EdgeMl.Mcu.Relay.Client;

/// <summary>What a device said last about the update that it was ordered.</summary>
public enum DeviceState
{
    /// <summary>Nothing to do.</summary>
    Idle = 0,

    /// <summary>Fetches the manifest.</summary>
    FetchingManifest = 1,

    /// <summary>Fetches the model or a delta.</summary>
    FetchingModel = 2,

    /// <summary>Applies a delta.</summary>
    ApplyingDelta = 3,

    /// <summary>Verifies the stored model.</summary>
    Verifying = 4,

    /// <summary>Runs the new model on trial.</summary>
    Trial = 5,

    /// <summary>Runs the new model for good.</summary>
    Confirmed = 6,

    /// <summary>Failed, and runs its former model.</summary>
    Failed = 7,

    /// <summary>Refused the order and wrote nothing.</summary>
    Refused = 8,

    /// <summary>Has said nothing yet.</summary>
    Unknown = 255,
}

/// <summary>A device of the fleet.</summary>
public sealed record DeviceInfo
{
    /// <summary>Its name, a level of its topics.</summary>
    public required string Id { get; init; }

    /// <summary>Its tags, sorted.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>Whether it is connected, as far as the broker has said.</summary>
    public required bool IsOnline { get; init; }

    /// <summary>Whether its key is no longer accepted.</summary>
    public required bool IsRevoked { get; init; }

    /// <summary>The board; null until it has said hello.</summary>
    public string? Board { get; init; }

    /// <summary>Version of its application.</summary>
    public string? Firmware { get; init; }

    /// <summary>ABI of its runtime.</summary>
    public int? RuntimeAbi { get; init; }

    /// <summary>Free memory in bytes.</summary>
    public long? FreeMemoryBytes { get; init; }

    /// <summary>Capacity of a slot in bytes.</summary>
    public long? SlotBytes { get; init; }

    /// <summary>Charge of its battery in percent, where it has one.</summary>
    public int? BatteryPercent { get; init; }

    /// <summary>Publisher keys that it has followed.</summary>
    public int? KeyGeneration { get; init; }

    /// <summary>Security epoch of its journal.</summary>
    public long? Epoch { get; init; }

    /// <summary>Id of the manifest that it runs; null as long as it runs none or has not said.</summary>
    public string? Running { get; init; }

    /// <summary>Name of the model that it runs, where the registry has it.</summary>
    public string? RunningName { get; init; }

    /// <summary>Version of the model that it runs, where the registry has it.</summary>
    public string? RunningVersion { get; init; }

    /// <summary>What it does.</summary>
    public required DeviceState State { get; init; }

    /// <summary>Error of the last attempt, a number of AgentError; 0 for none.</summary>
    public required int Error { get; init; }

    /// <summary>Name of <see cref="Error"/>; null for none.</summary>
    public string? ErrorName { get; init; }

    /// <summary>Chunks of the present blob that it has.</summary>
    public required int ProgressChunks { get; init; }

    /// <summary>Orders that it was given so far.</summary>
    public required long Attempt { get; init; }

    /// <summary>The rollout whose order it has; null for none.</summary>
    public long? Rollout { get; init; }

    /// <summary>When it was heard of last; null for never.</summary>
    public DateTimeOffset? LastSeen { get; init; }
}

/// <summary>Which devices are meant. What is null or empty does not restrict.</summary>
public sealed record DeviceQuery
{
    /// <summary>Tags that a device must have, all of them.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The board.</summary>
    public string? Board { get; init; }

    /// <summary>What it runs now: a version, or NAME@VERSION.</summary>
    public string? Running { get; init; }

    /// <summary>Device names; <c>*</c> stands for any characters.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];
}

/// <summary>Tags to be given and taken.</summary>
public sealed record TagChange
{
    /// <summary>Tags to add: 1 to 64 characters of A-Z a-z 0-9 - _ . : =.</summary>
    public IReadOnlyList<string> Add { get; init; } = [];

    /// <summary>Tags to remove.</summary>
    public IReadOnlyList<string> Remove { get; init; } = [];
}

/// <summary>A token with which one device may enrol.</summary>
public sealed record TokenRequest
{
    /// <summary>The name that the device gets; null lets it choose one.</summary>
    public string? Device { get; init; }

    /// <summary>Tags that the device gets.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Seconds until the token expires, 1 to 31,536,000.</summary>
    public long LifetimeSeconds { get; init; } = 3600;
}

/// <summary>A new token. This answer is the only one that shows it.</summary>
public sealed record TokenInfo
{
    /// <summary>The token.</summary>
    public required string Token { get; init; }

    /// <summary>The device that it is for; null for any.</summary>
    public string? Device { get; init; }

    /// <summary>When it expires.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>Redeems a token.</summary>
public sealed record EnrollRequest
{
    /// <summary>The token.</summary>
    public required string Token { get; init; }

    /// <summary>The name that the device wants; needed if the token names none.</summary>
    public string? Device { get; init; }
}

/// <summary>What an enrolled device is configured with. This answer is the only one that shows the key.</summary>
public sealed record Enrollment
{
    /// <summary>The device's name.</summary>
    public required string Device { get; init; }

    /// <summary>Its key, 64 hex digits.</summary>
    public required string DeviceKey { get; init; }

    /// <summary>The fleet.</summary>
    public required string Fleet { get; init; }

    /// <summary>The broker, <c>mqtt://HOST:PORT</c> or <c>mqtts://HOST:PORT</c>.</summary>
    public required string Broker { get; init; }

    /// <summary>The publisher's public key, 104 hex digits; null as long as the fleet has none.</summary>
    public string? PublisherKey { get; init; }

    /// <summary>Generation of <see cref="PublisherKey"/>.</summary>
    public int? KeyGeneration { get; init; }
}

/// <summary>A stored inference result.</summary>
public sealed record ResultInfo
{
    /// <summary>The device's number of the record.</summary>
    public required long Seq { get; init; }

    /// <summary>Milliseconds since the device's start.</summary>
    public required long UptimeMs { get; init; }

    /// <summary>When the relay stored it.</summary>
    public required DateTimeOffset StoredAt { get; init; }

    /// <summary>The label; the number of the class where the model has no labels; null where there is neither.</summary>
    public string? Label { get; init; }

    /// <summary>The raw int8 outputs; none where the model has too many of them.</summary>
    public required IReadOnlyList<int> Outputs { get; init; }

    /// <summary>The raw sample, or null.</summary>
    public byte[]? Sample { get; init; }
}
