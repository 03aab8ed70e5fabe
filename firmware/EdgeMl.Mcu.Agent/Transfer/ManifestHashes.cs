using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Agent.Storage;

namespace EdgeMl.Mcu.Agent.Transfer;

/// <summary>Compares chunks of a model with their hashes, which are read one by one from the manifest blob in flash.</summary>
public sealed class ManifestHashes : BlockCheck
{
    private readonly FileStore _store;
    private readonly Sha256 _hash;
    private readonly byte[] _expected = new byte[ManifestFormat.ChunkHashBytes];
    private readonly byte[] _digest = new byte[Sha256.DigestBytes];
    private int _file;
    private Manifest _manifest;

    /// <summary>Creates a view on nothing; <see cref="Use"/> comes first.</summary>
    /// <param name="store">Holds the blob.</param>
    /// <param name="hash">Shared with others between calls.</param>
    public ManifestHashes(FileStore store, Sha256 hash)
    {
        _store = store;
        _hash = hash;
    }

    /// <summary>Takes the hashes of a manifest.</summary>
    /// <param name="file">The file of its blob, which is open.</param>
    /// <param name="manifest">The manifest, verified.</param>
    public void Use(int file, Manifest manifest)
    {
        _file = file;
        _manifest = manifest;
    }

    /// <inheritdoc/>
    public override bool Matches(int block, byte[] buffer, int index, int count)
    {
        if (!_store.Read(_file, _manifest.HashOffset(block), _expected, 0, _expected.Length))
            return false;
        _hash.Reset();
        _hash.Append(buffer, index, count);
        _hash.Finish(_digest, 0);
        return ConstantTime.AreEqual(_expected, 0, _digest, 0, _expected.Length);
    }
}
