using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Ota;
using EdgeMl.Mcu.Ota.Manifests;
using EdgeMl.Mcu.Relay.Audit;
using EdgeMl.Mcu.Relay.Fleet;
using EdgeMl.Mcu.Relay.Storage;
using EdgeMl.Mcu.Runtime.Format;
using Microsoft.Data.Sqlite;

namespace EdgeMl.Mcu.Relay.Registry;

/// <summary>The published models: what the publisher has signed, and nothing else. Thread-safe.</summary>
internal sealed class ArtifactRegistry
{
    /// <summary>Bytes of a manifest blob with the hashes of the most chunks that a model can have.</summary>
    public const int ManifestBytesMax = ManifestFormat.MaxItemBytes + (ModelFormat.MaxBytes / ManifestFormat.ChunkBytesMin * ManifestFormat.ChunkHashBytes);

    private readonly Store _store;
    private readonly BlobStore _blobs;
    private readonly PublisherKeys _keys;
    private readonly BlobIndex _index;
    private readonly RelayClock _clock;
    private readonly ConcurrentDictionary<string, Artifact> _artifacts;

    /// <summary>Loads what is published.</summary>
    public ArtifactRegistry(Store store, BlobStore blobs, PublisherKeys keys, BlobIndex index, RelayClock clock)
    {
        _store = store;
        _blobs = blobs;
        _keys = keys;
        _index = index;
        _clock = clock;
        _artifacts = new ConcurrentDictionary<string, Artifact>(
            store.Read(connection => connection.Query<Artifact>(Artifact.Select).ToArray()).Select(artifact => KeyValuePair.Create(Key(artifact.Id), artifact)));
        foreach (Artifact artifact in _artifacts.Values)
            AddToIndex(artifact);
    }

    /// <summary>All artifacts, newest first.</summary>
    public IEnumerable<Artifact> All => _artifacts.Values.OrderByDescending(artifact => artifact.Published).ThenBy(artifact => Key(artifact.Id), StringComparer.Ordinal);

    /// <summary>An artifact by its manifest's id; null if it is not published here.</summary>
    public Artifact? Find(ReadOnlySpan<byte> id) => _artifacts.GetValueOrDefault(Key(id));

    /// <summary>An artifact by manifest id in hex, or NAME@VERSION.</summary>
    /// <exception cref="RelayException"><see cref="RelayErrorCodes.NotFound"/>.</exception>
    public Artifact Get(string reference) =>
        _artifacts.GetValueOrDefault(reference.ToLower(CultureInfo.InvariantCulture))
        ?? _artifacts.Values.FirstOrDefault(artifact => $"{artifact.Name}@{artifact.Version}" == reference)
        ?? throw new RelayException(RelayErrorCodes.NotFound, $"There is no artifact '{reference}'.", "Name it by its manifest id or as NAME@VERSION.", 404);

    /// <summary>Publishes a model. Publishing the same again changes nothing.</summary>
    /// <param name="actor">Who publishes.</param>
    /// <param name="manifestBlob">The manifest blob.</param>
    /// <param name="model">The stored model.</param>
    /// <param name="modelKey">16 bytes for an encrypted model, otherwise null.</param>
    /// <exception cref="OtaException">The manifest or model is not what the publisher signed.</exception>
    /// <exception cref="RelayException">The fleet refuses it, or the disk does; nothing was published.</exception>
    public async Task<Artifact> PublishAsync(Actor actor, byte[] manifestBlob, byte[] model, byte[]? modelKey)
    {
        (SignedManifest manifest, int generation) = _keys.Verify(manifestBlob);
        RequireUsable(manifest, model, modelKey);
        Artifact artifact = Describe(manifest, generation, modelKey, actor);
        _store.Read(connection => RequireNew(connection, artifact, manifest.ItemHash));
        _blobs.Write(model);
        _blobs.Write(manifestBlob);
        Artifact published = await _store.WriteAsync(connection =>
        {
            if (RequireNew(connection, artifact, manifest.ItemHash) is { } existing)
                return existing;
            Insert(connection, artifact, manifest.ItemHash);
            AuditLog.Append(connection, _clock, actor.Name, "artifact.publish", $"artifact/{Key(artifact.Id)}", $"{artifact.Name}@{artifact.Version}");
            return artifact;
        });
        AddToIndex(published);
        return _artifacts.GetOrAdd(Key(published.Id), published);
    }

    private void RequireUsable(SignedManifest manifest, byte[] model, byte[]? modelKey)
    {
        if (manifest.Expires is { } expires && expires <= _clock.SteadyTime)
            throw new OtaException(OtaErrorCodes.Expired, $"The manifest expired at {expires:u}.", "Sign the model again with a later time.");
        manifest.RequireModel(model);
        RequireChunks(manifest, model);
        if (manifest.Fields.IsEncrypted != modelKey is not null || modelKey is { Length: not Aes128.KeyBytes })
        {
            string wanted = manifest.Fields.IsEncrypted ? $"is encrypted and needs a key of {Aes128.KeyBytes} bytes" : "is not encrypted and takes no key";
            throw new RelayException(RelayErrorCodes.ModelKey, $"The model {wanted}.", statusCode: 422);
        }
    }

    private static void RequireChunks(SignedManifest manifest, byte[] model)
    {
        for (int i = 0; i < manifest.Fields.ChunkCount; i++)
        {
            byte[] hash = SHA256.HashData(model.AsSpan(i * manifest.Fields.ChunkSize, manifest.Fields.ChunkLength(i)));
            if (!hash.AsSpan(0, ManifestFormat.ChunkHashBytes).SequenceEqual(manifest.Blob.AsSpan(manifest.Fields.HashOffset(i), ManifestFormat.ChunkHashBytes)))
                throw new OtaException(OtaErrorCodes.ModelHash, $"Chunk {i} of the model does not have the hash in the manifest.", "Sign the model again.");
        }
    }

    private Artifact Describe(SignedManifest manifest, int generation, byte[]? modelKey, Actor actor) => new()
    {
        Id = manifest.Id,
        Name = manifest.Fields.Name,
        Version = manifest.Fields.Version,
        Epoch = manifest.Fields.Epoch,
        Abi = manifest.Fields.RuntimeAbi,
        Ram = manifest.Fields.RamBytes,
        ModelId = manifest.Fields.ModelId,
        Length = manifest.Fields.Length,
        ChunkSize = manifest.Fields.ChunkSize,
        Encrypted = manifest.Fields.IsEncrypted ? 1 : 0,
        ModelKey = modelKey,
        Generation = generation,
        Leaf = manifest.LeafNumber,
        Expires = manifest.Fields.Expires,
        ManifestLength = manifest.Blob.Length,
        ManifestHashes = ChunkHashes.Of(manifest.Blob, Artifact.SmallChunkBytes),
        Published = _clock.WallTimeMs,
        PublishedBy = actor.Name,
    };

    // The artifact itself if it is published already.
    private static Artifact? RequireNew(SqliteConnection connection, Artifact artifact, byte[] itemHash)
    {
        if (connection.QueryFirstOrDefault<Artifact>($"{Artifact.Select} where id = @Id", new { artifact.Id }) is { } existing)
            return existing;
        LeafLog.RequireFree(connection, artifact.Generation, artifact.Leaf, itemHash);
        if (connection.ExecuteScalar<long>("select count(*) from artifact where name = @Name and version = @Version", artifact) > 0)
            throw new RelayException(RelayErrorCodes.VersionExists, $"Another artifact is '{artifact.Name}@{artifact.Version}' already.", "Choose a new version.", 409);
        return null;
    }

    private static void Insert(SqliteConnection connection, Artifact artifact, byte[] itemHash)
    {
        LeafLog.Add(connection, artifact.Generation, artifact.Leaf, itemHash);
        connection.Execute(
            """
            insert into artifact(id, name, version, epoch, abi, ram, model_id, length, chunk_size, encrypted, model_key, generation, leaf, expires,
                manifest_length, manifest_hashes, published, published_by)
            values (@Id, @Name, @Version, @Epoch, @Abi, @Ram, @ModelId, @Length, @ChunkSize, @Encrypted, @ModelKey, @Generation, @Leaf, @Expires,
                @ManifestLength, @ManifestHashes, @Published, @PublishedBy)
            """,
            artifact);
    }

    private void AddToIndex(Artifact artifact)
    {
        _index.Add(artifact.Id, (int)artifact.ManifestLength, Artifact.SmallChunkBytes);
        _index.Add(artifact.ModelId, (int)artifact.Length, (int)artifact.ChunkSize);
    }

    private static string Key(ReadOnlySpan<byte> id) => Convert.ToHexStringLower(id);
}
