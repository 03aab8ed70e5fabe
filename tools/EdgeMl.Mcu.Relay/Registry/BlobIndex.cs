using System.Collections.Concurrent;
using EdgeMl.Mcu.Relay.Messages;

namespace EdgeMl.Mcu.Relay.Registry;

/// <summary>Which blobs devices may fetch, by the name in their requests. Thread-safe.</summary>
internal sealed class BlobIndex
{
    private readonly ConcurrentDictionary<BlobName, (byte[] Id, int Length, int ChunkBytes)> _blobs = new();

    /// <summary>Adds a blob.</summary>
    public void Add(byte[] id, int length, int chunkBytes) => _blobs.TryAdd(BlobName.Of(id), (id, length, chunkBytes));

    /// <summary>A blob's id, length and chunk size; null if there is none of that name.</summary>
    public (byte[] Id, int Length, int ChunkBytes)? Find(BlobName name) => _blobs.TryGetValue(name, out (byte[], int, int) blob) ? blob : null;
}
