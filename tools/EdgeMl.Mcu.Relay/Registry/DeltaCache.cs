using System.Collections.Concurrent;
using Dapper;
using EdgeMl.Mcu.Agent.Delta;
using EdgeMl.Mcu.Ota.Delta;
using EdgeMl.Mcu.Relay.Messages;
using EdgeMl.Mcu.Relay.Storage;

namespace EdgeMl.Mcu.Relay.Registry;

/// <summary>Deltas between published models, each made once and kept on disk. Thread-safe.</summary>
internal sealed class DeltaCache
{
    // The device has room for the hashes of this many chunks of manifest and delta together.
    private const int OrderHashBytesMax = 512;

    private readonly Store _store;
    private readonly BlobStore _blobs;
    private readonly BlobIndex _index;
    private readonly ConcurrentDictionary<(string Base, string Target), Lazy<Task<BlobDescription?>>> _deltas = new();
    private readonly Lock _oneAtATime = new();

    /// <summary>Loads which deltas there are.</summary>
    public DeltaCache(Store store, BlobStore blobs, BlobIndex index)
    {
        _store = store;
        _blobs = blobs;
        _index = index;
        foreach (Row row in store.Read(connection => connection.Query<Row>("select base Base, target Target, id Id, length Length, hashes Hashes from delta").ToArray()))
        {
            BlobDescription? delta = row.Id is null ? null : new BlobDescription(row.Id, (int)row.Length, Artifact.SmallChunkBytes, row.Hashes);
            AddToIndex(delta);
            _deltas[Key(row.Base, row.Target)] = new Lazy<Task<BlobDescription?>>(Task.FromResult(delta));
        }
    }

    /// <summary>The delta from one artifact's model to another's; null if there is none that is smaller, or it is not made yet: then it is made in the background.</summary>
    public BlobDescription? Find(Artifact original, Artifact target)
    {
        Task<BlobDescription?> delta = PrepareAsync(original, target);
        return delta.IsCompletedSuccessfully ? delta.Result : null;
    }

    /// <summary>Makes a delta if there is none yet.</summary>
    public Task<BlobDescription?> PrepareAsync(Artifact original, Artifact target)
    {
        bool isPossible = original.Encrypted == 0 && target.Encrypted == 0 && original.Length <= DeltaFormat.BytesMax && target.Length <= DeltaFormat.BytesMax;
        return isPossible
            ? _deltas.GetOrAdd(Key(original.Id, target.Id), _ => new Lazy<Task<BlobDescription?>>(() => Task.Run(() => MakeAsync(original, target)))).Value
            : Task.FromResult<BlobDescription?>(null);
    }

    private async Task<BlobDescription?> MakeAsync(Artifact original, Artifact target)
    {
        try
        {
            byte[] delta = Encode(original, target);
            byte[]? hashes = ChunkHashes.Of(delta, Artifact.SmallChunkBytes);
            bool isWorthIt = delta.Length < target.Length && (hashes?.Length ?? 16) + (target.ManifestHashes?.Length ?? 16) <= OrderHashBytesMax;
            BlobDescription? description = isWorthIt ? new BlobDescription(_blobs.Write(delta), delta.Length, Artifact.SmallChunkBytes, hashes) : null;
            await _store.WriteAsync(connection => connection.Execute(
                "insert into delta(base, target, id, length, hashes) values (@Base, @Target, @Id, @Length, @Hashes) on conflict do nothing",
                new { Base = original.Id, Target = target.Id, description?.Id, Length = delta.Length, description?.Hashes }));
            AddToIndex(description);
            return description;
        }
        catch (RelayException)
        {
            // The disk refuses: whole models go out, and the next order tries again.
            _deltas.TryRemove(Key(original.Id, target.Id), out _);
            return null;
        }
    }

    // Encoding takes a core for a while, and the relay has other work.
    private byte[] Encode(Artifact original, Artifact target)
    {
        lock (_oneAtATime)
            return DeltaEncoder.Encode(_blobs.Read(original.ModelId), _blobs.Read(target.ModelId));
    }

    private void AddToIndex(BlobDescription? delta)
    {
        if (delta is not null)
            _index.Add(delta.Id, delta.Length, delta.ChunkSize);
    }

    private static (string, string) Key(byte[] original, byte[] target) => (Convert.ToHexString(original), Convert.ToHexString(target));

    private sealed class Row
    {
        public byte[] Base { get; init; } = [];

        public byte[] Target { get; init; } = [];

        public byte[]? Id { get; init; }

        public long Length { get; init; }

        public byte[]? Hashes { get; init; }
    }
}
