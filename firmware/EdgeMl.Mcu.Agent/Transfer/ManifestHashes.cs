using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Agent.Storage;

namespace EdgeMl.Mcu.Agent.Transfer;

/// <summary>Compares chunks of a model with their hashes, which are read one by one from the manifest blob in flash.</summary>
public sealed class ManifestHashes : BlockCheck
{
    private readonly FileStore _store;
    private readonly int _file;
    private readonly int _hashesOffset;
    private readonly Sha256 _hash;
    private readonly byte[] _expected = new byte[ManifestFormat.ChunkHashBytes];

    /// <summary>Creates a view on the hashes of a manifest.</summary>
    /// <param name="store">Holds the blob.</param>
    /// <param name="file">The file of the blob, which is open.</param>
    /// <param name="manifest">The manifest, verified; it is not kept.</param>
    /// <param name="hash">Shared with others between calls.</param>
    public ManifestHashes(FileStore store, int file, Manifest manifest, Sha256 hash)
    {
        _store = store;
        _file = file;
        _hashesOffset = manifest.HashesOffset;
        _hash = hash;
    }

    /// <inheritdoc/>
    public override bool Matches(int block, byte[] buffer, int index, int count)
    {
        if (!_store.Read(_file, _hashesOffset + (block * ManifestFormat.ChunkHashBytes), _expected, 0, _expected.Length))
            return false;
        _hash.Reset();
        _hash.Append(buffer, index, count);
        return _hash.Verify(_expected, 0, _expected.Length);
    }
}
