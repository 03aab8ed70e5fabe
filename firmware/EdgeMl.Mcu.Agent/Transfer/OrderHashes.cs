using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Agent.Storage;

namespace EdgeMl.Mcu.Agent.Transfer;

/// <summary>Compares chunks with the hashes that an order brought.</summary>
public sealed class OrderHashes : BlockCheck
{
    private readonly byte[] _hashes;
    private readonly Sha256 _hash;
    private BlobReference _blob;

    /// <summary>Creates a view on no blob; <see cref="Use"/> comes first.</summary>
    /// <param name="hashes">The array that holds the hashes.</param>
    /// <param name="hash">Shared with others between calls.</param>
    public OrderHashes(byte[] hashes, Sha256 hash)
    {
        _hashes = hashes;
        _hash = hash;
    }

    /// <summary>Takes the hashes of a blob of the order.</summary>
    public void Use(BlobReference blob)
    {
        _blob = blob;
    }

    /// <inheritdoc/>
    public override bool Matches(int block, byte[] buffer, int index, int count)
    {
        _hash.Reset();
        _hash.Append(buffer, index, count);
        return _hash.Verify(_hashes, _blob.HashesOffset + (block * ManifestFormat.ChunkHashBytes), ManifestFormat.ChunkHashBytes);
    }
}
