using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Agent.Storage;

namespace EdgeMl.Mcu.Agent.Transfer;

/// <summary>Compares chunks with the hashes that an order brought.</summary>
public sealed class OrderHashes : BlockCheck
{
    private readonly byte[] _hashes;
    private readonly BlobReference _blob;
    private readonly Sha256 _hash;
    private readonly byte[] _digest = new byte[Sha256.DigestBytes];

    /// <summary>Creates the view of one blob's hashes.</summary>
    /// <param name="hashes">The array that holds them.</param>
    /// <param name="blob">Says where.</param>
    /// <param name="hash">Shared with others between calls.</param>
    public OrderHashes(byte[] hashes, BlobReference blob, Sha256 hash)
    {
        _hashes = hashes;
        _blob = blob;
        _hash = hash;
    }

    /// <inheritdoc/>
    public override bool Matches(int block, byte[] buffer, int index, int count)
    {
        _hash.Reset();
        _hash.Append(buffer, index, count);
        _hash.Finish(_digest, 0);
        return ConstantTime.AreEqual(_hashes, _blob.HashesOffset + (block * ManifestFormat.ChunkHashBytes), _digest, 0, ManifestFormat.ChunkHashBytes);
    }
}
