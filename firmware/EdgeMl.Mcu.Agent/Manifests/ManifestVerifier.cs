using System;
using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Agent.Manifests;

/// <summary>
/// Reads and verifies manifest blobs and key rotations from a source, with constant RAM. <see cref="DeviceProfile.Check"/> then compares the manifest with the
/// device. Not thread-safe.
/// </summary>
public sealed class ManifestVerifier
{
    private readonly HssVerifier _signatures;
    private readonly byte[] _buffer;
    private readonly byte[] _digest = new byte[Sha256.DigestBytes];
    private readonly byte[] _leaf = new byte[8];
    private readonly SignedItem _item = new SignedItem();
    private readonly ManifestReader _reader = new ManifestReader();
    private readonly RotationReader _rotations = new RotationReader();

    /// <summary>Creates a verifier.</summary>
    /// <param name="signatures">Verifies signatures; nobody else uses it during a call.</param>
    /// <param name="buffer">Overwritten by each call, free between calls. A manifest whose payload is longer is refused; none is longer than <see cref="ManifestFormat.MaxPayloadBytes"/>.</param>
    public ManifestVerifier(HssVerifier signatures, byte[] buffer)
    {
        _signatures = signatures;
        _buffer = buffer;
    }

    /// <summary>Generation that the rotation names which was read last, signed or not.</summary>
    public int RotationGeneration => _rotations.Generation;

    /// <summary>Verifies a manifest blob: the signature, then the format, then the chunk hashes.</summary>
    /// <param name="blob">The whole blob.</param>
    /// <param name="publicKey">Publisher key of <see cref="ManifestFormat.PublicKeyBytes"/> bytes; null to read a manifest whose signature was verified before.</param>
    /// <param name="manifest">The manifest, null unless the result is <see cref="AgentError.None"/>.</param>
    /// <returns>
    /// The first error: <see cref="AgentError.ManifestFormat"/>, <see cref="AgentError.SignatureMissing"/>, <see cref="AgentError.SignatureLength"/>,
    /// <see cref="AgentError.Signature"/>, <see cref="AgentError.ManifestVersion"/>, <see cref="AgentError.ManifestField"/>, <see cref="AgentError.Encryption"/>,
    /// <see cref="AgentError.ChunkRoot"/>, <see cref="AgentError.OutOfMemory"/> or <see cref="AgentError.Storage"/>.
    /// </returns>
    public AgentError Verify(ByteSource blob, byte[] publicKey, out Manifest manifest)
    {
        manifest = null;
        AgentError error = ReadItem(blob, 0, blob.Length, publicKey);
        if (error != AgentError.None)
            return error;
        if (!blob.Read(_item.SignatureOffset, _leaf, 0, _leaf.Length))
            return AgentError.Storage;
        error = _reader.Read(_buffer, 0, _item.PayloadLength, out Manifest candidate);
        if (error != AgentError.None)
            return error;
        int hashBytes = candidate.ChunkCount * ManifestFormat.ChunkHashBytes;
        if (blob.Length - _item.End != hashBytes)
            return AgentError.ManifestFormat;
        candidate.HashesOffset = _item.End;
        candidate.LeafNumber = (_leaf[4] << 24) | (_leaf[5] << 16) | (_leaf[6] << 8) | _leaf[7];
        Sha256 hash = _signatures.Message;
        hash.Reset();
        if (!SourceHash.Append(hash, blob, _item.End, hashBytes, _buffer))
            return AgentError.Storage;
        hash.Finish(_digest, 0);
        if (!ConstantTime.AreEqual(_digest, 0, candidate.ChunkRoot, 0, _digest.Length))
            return AgentError.ChunkRoot;
        manifest = candidate;
        return AgentError.None;
    }

    /// <summary>Verifies a key rotation: signed by the current key, and the next one.</summary>
    /// <param name="source">Holds the rotation.</param>
    /// <param name="offset">Where it begins.</param>
    /// <param name="count">Its length.</param>
    /// <param name="publicKey">The current publisher key; null to read what the rotation says before its signature is verified.</param>
    /// <param name="generation">Its generation: the number of rotations before it.</param>
    /// <param name="nextKey">Takes the next key, <see cref="ManifestFormat.PublicKeyBytes"/> bytes; written only if the result is <see cref="AgentError.None"/>.</param>
    /// <returns><see cref="AgentError.Rotation"/>, <see cref="AgentError.RotationGeneration"/>, <see cref="AgentError.Storage"/> or <see cref="AgentError.None"/>.</returns>
    public AgentError VerifyRotation(ByteSource source, int offset, int count, byte[] publicKey, int generation, byte[] nextKey)
    {
        AgentError error = ReadItem(source, offset, offset + count, publicKey);
        if (error != AgentError.None)
            return error == AgentError.Storage ? error : AgentError.Rotation;
        if (_item.End != offset + count || !_rotations.Read(_buffer, _item.PayloadLength))
            return AgentError.Rotation;
        if (_rotations.Generation != generation + 1)
            return AgentError.RotationGeneration;
        Array.Copy(_buffer, _rotations.PublicKeyOffset, nextKey, 0, ManifestFormat.PublicKeyBytes);
        return AgentError.None;
    }

    /// <summary>Verifies an item and reads its payload into the buffer.</summary>
    private AgentError ReadItem(ByteSource source, int start, int end, byte[] publicKey)
    {
        AgentError error = _item.Read(source, start, end);
        if (error == AgentError.None && _item.PayloadLength > _buffer.Length)
            return AgentError.OutOfMemory;
        if (error == AgentError.None && publicKey != null)
            error = _item.Verify(source, _signatures, publicKey, _buffer);
        if (error == AgentError.None && !source.Read(_item.PayloadOffset, _buffer, 0, _item.PayloadLength))
            error = AgentError.Storage;
        return error;
    }
}
