using System;
using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Agent.Manifests;

/// <summary>
/// Reads and verifies manifest blobs and key rotations from a source, with constant RAM. <see cref="DeviceProfile.Check"/> then compares the manifest with the
/// device. Not thread-safe.
/// </summary>
public sealed class ManifestVerifier
{
    // A signature begins with the number of levels.
    private const int LeafOffset = 4;

    private readonly Sha256 _hash;
    private readonly byte[] _buffer;
    private readonly CborReader _reader;
    private readonly SignedItem _item;
    private HssVerifier _signatures;

    /// <summary>Creates a verifier.</summary>
    /// <param name="signatures">Verifies signatures; nobody else uses it during a call.</param>
    /// <param name="buffer">Overwritten by each call, free between calls. A manifest whose payload is longer is refused; none is longer than <see cref="ManifestFormat.MaxPayloadBytes"/>.</param>
    public ManifestVerifier(HssVerifier signatures, byte[] buffer)
    {
        _signatures = signatures;
        _hash = signatures.Message;
        _buffer = buffer;
        _reader = new CborReader();
        _item = new SignedItem(_reader);
    }

    /// <summary>Creates a verifier that takes memory for signatures only when it verifies one; hash, buffer and reader are used by others too between calls.</summary>
    internal ManifestVerifier(Sha256 hash, byte[] buffer, CborReader reader)
    {
        _hash = hash;
        _buffer = buffer;
        _reader = reader;
        _item = new SignedItem(reader);
    }

    /// <summary>Generation that the rotation names which was read last, signed or not.</summary>
    public int RotationGeneration { get; private set; }

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
        AgentError error = FindItem(blob, 0, blob.Length, publicKey);
        if (error == AgentError.None && publicKey != null)
            error = _item.Verify(blob, _signatures, publicKey, _buffer);
        if (error != AgentError.None)
            return error;
        if (!blob.Read(_item.PayloadOffset, _buffer, 0, _item.PayloadLength))
            return AgentError.Storage;
        error = new ManifestReader(_reader).Read(_buffer, 0, _item.PayloadLength, out Manifest candidate);
        if (error != AgentError.None)
            return error;
        int hashBytes = candidate.ChunkCount * ManifestFormat.ChunkHashBytes;
        if (blob.Length - _item.End != hashBytes)
            return AgentError.ManifestFormat;
        candidate.HashesOffset = _item.End;
        if (!blob.Read(_item.SignatureOffset + LeafOffset, _buffer, 0, 4))
            return AgentError.Storage;
        candidate.LeafNumber = (int)BigEndian.Read(_buffer, 0);
        _hash.Reset();
        if (!SourceHash.Append(_hash, blob, _item.End, hashBytes, _buffer))
            return AgentError.Storage;
        if (!_hash.Verify(candidate.ChunkRoot, 0, Sha256.DigestBytes))
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
        AgentError error = FindItem(source, offset, offset + count, publicKey);
        if (error == AgentError.None && publicKey != null)
            error = _item.Verify(source, _signatures, publicKey, _buffer);
        if (error != AgentError.None)
            return error == AgentError.Storage ? error : AgentError.Rotation;
        if (!source.Read(_item.PayloadOffset, _buffer, 0, _item.PayloadLength))
            return AgentError.Storage;
        var rotation = new RotationReader(_reader);
        if (_item.End != offset + count || !rotation.Read(_buffer, _item.PayloadLength))
            return AgentError.Rotation;
        RotationGeneration = rotation.Generation;
        if (RotationGeneration != generation + 1)
            return AgentError.RotationGeneration;
        Array.Copy(_buffer, rotation.PublicKeyOffset, nextKey, 0, ManifestFormat.PublicKeyBytes);
        return AgentError.None;
    }

    /// <summary>Finds the parts of an item whose payload fits the buffer, and makes ready for its signature if that is to be verified.</summary>
    private AgentError FindItem(ByteSource source, int start, int end, byte[] publicKey)
    {
        AgentError error = _item.Read(source, start, end);
        if (error == AgentError.None && _item.PayloadLength > _buffer.Length)
            return AgentError.OutOfMemory;
        if (error == AgentError.None && publicKey != null)
            _signatures = _signatures ?? new HssVerifier(_hash);
        return error;
    }
}
