using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Messages;

namespace EdgeMl.Mcu.Relay.Registry;

/// <summary>A published model as the database has it. Immutable.</summary>
internal sealed class Artifact
{
    /// <summary>Bytes of a chunk of manifests and deltas.</summary>
    public const int SmallChunkBytes = 1_024;

    /// <summary>Selects all rows; conditions follow with <c>where</c>.</summary>
    public const string Select =
        """
        select id Id, name Name, version Version, epoch Epoch, abi Abi, ram Ram, model_id ModelId, length Length, chunk_size ChunkSize, encrypted Encrypted,
            model_key ModelKey, generation Generation, leaf Leaf, expires Expires, manifest_length ManifestLength, manifest_hashes ManifestHashes,
            published Published, published_by PublishedBy from artifact
        """;

    public byte[] Id { get; init; } = [];

    public string Name { get; init; } = string.Empty;

    public string Version { get; init; } = string.Empty;

    public long Epoch { get; init; }

    public long Abi { get; init; }

    public long Ram { get; init; }

    public byte[] ModelId { get; init; } = [];

    public long Length { get; init; }

    public long ChunkSize { get; init; }

    public long Encrypted { get; init; }

    public byte[]? ModelKey { get; init; }

    public long Generation { get; init; }

    public long Leaf { get; init; }

    /// <summary>Seconds since 1970; 0 for never.</summary>
    public long Expires { get; init; }

    public long ManifestLength { get; init; }

    public byte[]? ManifestHashes { get; init; }

    public long Published { get; init; }

    public string PublishedBy { get; init; } = string.Empty;

    /// <summary>The manifest blob as an order names it.</summary>
    public BlobDescription Manifest => new(Id, (int)ManifestLength, SmallChunkBytes, ManifestHashes);

    /// <summary>The artifact as the HTTP API shows it.</summary>
    public ArtifactInfo ToInfo() => new()
    {
        Id = Convert.ToHexStringLower(Id),
        Name = Name,
        Version = Version,
        Epoch = Epoch,
        RuntimeAbi = (int)Abi,
        RamBytes = Ram,
        ModelId = Convert.ToHexStringLower(ModelId),
        LengthBytes = Length,
        ChunkBytes = (int)ChunkSize,
        IsEncrypted = Encrypted != 0,
        KeyGeneration = (int)Generation,
        LeafIndex = Leaf,
        ExpiresAt = Expires == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(Math.Min(Expires, DateTimeOffset.MaxValue.ToUnixTimeSeconds())),
        PublishedAt = DateTimeOffset.FromUnixTimeMilliseconds(Published),
        PublishedBy = PublishedBy,
    };
}
