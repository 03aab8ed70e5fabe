using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Agent.Models;

/// <summary>Reads the manifest of a slot, and verifies a slot as a whole by the two hashes: of the manifest blob, and of the stored model.</summary>
public sealed class SlotReader : SlotCheck
{
    private readonly Sha256 _hash;
    private readonly byte[] _work;
    private readonly CborReader _reader;

    /// <summary>Creates a reader.</summary>
    /// <param name="hash">Shared with others between calls.</param>
    /// <param name="work">Shared with others between calls; any length from 1 on.</param>
    /// <param name="reader">Shared with others between calls.</param>
    public SlotReader(Sha256 hash, byte[] work, CborReader reader)
    {
        _reader = reader;
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

    /// <summary>Reads the manifest of a slot without verifying its signature. Takes memory for the time of the call and for the manifest.</summary>
    /// <param name="store">The store.</param>
    /// <param name="slot">A or B.</param>
    /// <param name="manifest">The manifest, null unless the result is <see cref="AgentError.None"/>.</param>
    public AgentError Read(FileStore store, Slot slot, out Manifest manifest)
    {
        return new ManifestVerifier(_hash, _work, _reader).Verify(new FileSource(store, Slots.ManifestFile(slot)), null, out manifest);
    }

    /// <summary>Whether the SHA-256 of a source is a given one.</summary>
    public bool HasHash(ByteSource source, byte[] expected)
    {
        _hash.Reset();
        return SourceHash.Append(_hash, source, 0, source.Length, _work) && _hash.Verify(expected, 0, Sha256.DigestBytes);
    }
}
