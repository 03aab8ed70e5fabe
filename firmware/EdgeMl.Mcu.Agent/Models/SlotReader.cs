using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Agent.Models;

/// <summary>Reads the manifest of a slot, and verifies a slot as a whole by the two hashes: of the manifest blob, and of the stored model.</summary>
public sealed class SlotReader : SlotCheck
{
    private readonly ManifestVerifier _manifests;
    private readonly Sha256 _hash;
    private readonly byte[] _work;
    private readonly byte[] _digest = new byte[Sha256.DigestBytes];

    /// <summary>Creates a reader.</summary>
    /// <param name="manifests">Reads manifests; shared with others between calls.</param>
    /// <param name="hash">Shared with others between calls.</param>
    /// <param name="work">Shared with others between calls; any length from 1 on.</param>
    public SlotReader(ManifestVerifier manifests, Sha256 hash, byte[] work)
    {
        _manifests = manifests;
        _hash = hash;
        _work = work;
    }

    /// <inheritdoc/>
    public override bool IsWhole(FileStore store, Slot slot, byte[] manifestId)
    {
        if (!HasHash(new FileSource(store, Slots.ManifestFile(slot)), manifestId) || Read(store, slot, out Manifest manifest) != AgentError.None)
            return false;
        var model = new FileSource(store, Slots.ModelFile(slot));
        return model.Length == manifest.Length && HasHash(model, manifest.ModelId);
    }

    /// <summary>Reads the manifest of a slot without verifying its signature.</summary>
    /// <param name="store">The store.</param>
    /// <param name="slot">A or B.</param>
    /// <param name="manifest">The manifest, null unless the result is <see cref="AgentError.None"/>.</param>
    public AgentError Read(FileStore store, Slot slot, out Manifest manifest)
    {
        return _manifests.Verify(new FileSource(store, Slots.ManifestFile(slot)), null, out manifest);
    }

    /// <summary>Whether the SHA-256 of a source is a given one.</summary>
    public bool HasHash(ByteSource source, byte[] expected)
    {
        _hash.Reset();
        if (!SourceHash.Append(_hash, source, 0, source.Length, _work))
            return false;
        _hash.Finish(_digest, 0);
        return ConstantTime.AreEqual(_digest, 0, expected, 0, _digest.Length);
    }
}
