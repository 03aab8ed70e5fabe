namespace EdgeMl.Mcu.Relay.Client;

/// <summary>A published model.</summary>
public sealed record ArtifactInfo
{
    /// <summary>The manifest's id: SHA-256 of the manifest blob, 64 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its version.</summary>
    public required string Version { get; init; }

    /// <summary>Security epoch: a device that is above it refuses the model.</summary>
    public required long Epoch { get; init; }

    /// <summary>Runtime ABI that the model needs.</summary>
    public required int RuntimeAbi { get; init; }

    /// <summary>RAM of arena, scratch and packed weights.</summary>
    public required long RamBytes { get; init; }

    /// <summary>SHA-256 of the stored model, 64 hex digits.</summary>
    public required string ModelId { get; init; }

    /// <summary>Bytes of the stored model.</summary>
    public required long LengthBytes { get; init; }

    /// <summary>Bytes of a chunk.</summary>
    public required int ChunkBytes { get; init; }

    /// <summary>Whether the stored model is encrypted.</summary>
    public required bool IsEncrypted { get; init; }

    /// <summary>Generation of the publisher key that signed it.</summary>
    public required int KeyGeneration { get; init; }

    /// <summary>The LMS leaf of the signature.</summary>
    public required long LeafIndex { get; init; }

    /// <summary>When devices begin to refuse it; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was published.</summary>
    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>By which API key.</summary>
    public required string PublishedBy { get; init; }
}

/// <summary>The first publisher key of a fleet, or a rotation to the next one.</summary>
public sealed record PublisherKeyRequest
{
    /// <summary>The public key, 104 hex digits: accepted once, as generation 0.</summary>
    public string? PublicKey { get; init; }

    /// <summary>A rotation, signed by the present key: COSE_Sign1 in hex.</summary>
    public string? Rotation { get; init; }
}

/// <summary>A publisher key of the fleet.</summary>
public sealed record PublisherKeyInfo
{
    /// <summary>Keys before it.</summary>
    public required int Generation { get; init; }

    /// <summary>The public key, 104 hex digits.</summary>
    public required string PublicKey { get; init; }

    /// <summary>When the relay learned it.</summary>
    public required DateTimeOffset AddedAt { get; init; }
}
