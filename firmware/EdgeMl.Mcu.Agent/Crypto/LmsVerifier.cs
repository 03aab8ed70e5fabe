using System;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Agent.Crypto;

/// <summary>
/// Verifies signatures of LMS (RFC 8554, RFC 9858) with constant RAM: the message comes in pieces, the signature from a source. Every SHA-256 parameter set is
/// accepted; the public key says which. Allocates nothing after construction. Not thread-safe.
/// </summary>
/// <remarks>One verification is <see cref="Begin"/>, <see cref="Message"/> with the whole message, <see cref="Finish"/>.</remarks>
public sealed class LmsVerifier
{
    private const int IdentifierBytes = 16;
    private const int MessageDomain = 0x8181;

    private readonly LmsParameterSet _set = new LmsParameterSet();
    private readonly OneTimeVerifier _oneTime;
    private readonly Sha256 _hash;
    private readonly byte[] _prefix = new byte[IdentifierBytes + 6];
    private readonly byte[] _root = new byte[Sha256.DigestBytes];
    private readonly byte[] _node = new byte[Sha256.DigestBytes];
    private readonly byte[] _sibling = new byte[Sha256.DigestBytes];
    private ByteSource _signature;
    private int _offset;
    private int _leaf;

    /// <summary>Creates a verifier.</summary>
    public LmsVerifier()
        : this(new Sha256())
    {
    }

    /// <summary>Creates a verifier that works with a hash which others use too, but not during a verification.</summary>
    public LmsVerifier(Sha256 hash)
    {
        _hash = hash;
        _oneTime = new OneTimeVerifier(_set, _hash);
    }

    /// <summary>Takes the message, a piece at a time, between <see cref="Begin"/> and <see cref="Finish"/>.</summary>
    public Sha256 Message => _hash;

    /// <summary>Bytes of the public key that <see cref="SignatureBytes"/> or <see cref="Begin"/> had last.</summary>
    internal int PublicKeyBytes => _set.PublicKeyBytes;

    /// <summary>Bytes of a signature that a public key can verify.</summary>
    /// <param name="publicKey">Holds a public key of LMS: 48 or 56 bytes.</param>
    /// <param name="offset">Index of its first byte.</param>
    /// <param name="count">Bytes there, which may be more than the key's.</param>
    /// <returns>The length; 0 where the key is malformed or of an unknown type.</returns>
    public int SignatureBytes(byte[] publicKey, int offset, int count)
    {
        return Select(publicKey, offset, count) ? _set.SignatureBytes : 0;
    }

    /// <summary>Begins to verify a signature of the length that <see cref="SignatureBytes"/> gives.</summary>
    /// <param name="publicKey">Holds a public key of LMS: type, one-time type, I and the root of the tree. It is copied.</param>
    /// <param name="keyOffset">Index of its first byte.</param>
    /// <param name="keyCount">Bytes there, which may be more than the key's.</param>
    /// <param name="signature">Holds the signature; must stay as it is until <see cref="Finish"/>.</param>
    /// <param name="offset">Where the signature begins in the source; it lies wholly within.</param>
    /// <returns>Whether the signature is of the key's type and could be read so far. If not, it is not valid.</returns>
    public bool Begin(byte[] publicKey, int keyOffset, int keyCount, ByteSource signature, int offset)
    {
        _signature = null;
        if (!Select(publicKey, keyOffset, keyCount) || offset < 0 || offset > signature.Length - _set.SignatureBytes)
            return false;
        int hashBytes = _set.HashBytes;
        Array.Copy(publicKey, keyOffset + 8, _prefix, 0, IdentifierBytes);
        Array.Copy(publicKey, keyOffset + 24, _root, 0, hashBytes);
        int typeOffset = offset + 8 + (hashBytes * (1 + _set.Chains));
        if (!signature.Read(typeOffset, _node, 0, 4) || BigEndian.Read(_node, 0) != BigEndian.Read(publicKey, keyOffset))
            return false;
        if (!signature.Read(offset, _node, 0, 8) || BigEndian.Read(_node, 4) != BigEndian.Read(publicKey, keyOffset + 4))
            return false;
        uint leaf = BigEndian.Read(_node, 0);
        if (leaf >= 1u << _set.Height || !signature.Read(offset + 8, _node, 0, hashBytes))
            return false;
        _signature = signature;
        _offset = offset;
        _leaf = (int)leaf;
        _hash.Reset();
        AppendPrefix(_leaf, MessageDomain);
        _hash.Append(_node, 0, hashBytes);
        return true;
    }

    /// <summary>Ends a verification that <see cref="Begin"/> began (RFC 8554, algorithms 4b and 6a).</summary>
    /// <returns>Whether the signature is the key's for the message.</returns>
    public bool Finish()
    {
        ByteSource signature = _signature;
        _signature = null;
        if (signature == null)
            return false;
        _hash.Finish(_node, 0);
        int chains = _offset + 8 + _set.HashBytes;
        if (!_oneTime.Candidate(_prefix, _leaf, signature, chains, _node))
            return false;
        return ClimbsToRoot(signature, chains + (_set.HashBytes * _set.Chains) + 4);
    }

    private bool ClimbsToRoot(ByteSource signature, int path)
    {
        const int LeafDomain = 0x8282;
        const int NodeDomain = 0x8383;
        int hashBytes = _set.HashBytes;
        int number = (1 << _set.Height) + _leaf;
        AppendPrefix(number, LeafDomain);
        _hash.Append(_node, 0, hashBytes);
        _hash.Finish(_node, 0);
        for (; number > 1; number >>= 1)
        {
            if (!signature.Read(path, _sibling, 0, hashBytes))
                return false;
            path += hashBytes;
            AppendPrefix(number >> 1, NodeDomain);
            bool isRight = (number & 1) == 1;
            _hash.Append(isRight ? _sibling : _node, 0, hashBytes);
            _hash.Append(isRight ? _node : _sibling, 0, hashBytes);
            _hash.Finish(_node, 0);
        }
        return ConstantTime.AreEqual(_node, 0, _root, 0, hashBytes);
    }

    private bool Select(byte[] publicKey, int offset, int count)
    {
        return count >= 8 && _set.Select(BigEndian.Read(publicKey, offset), BigEndian.Read(publicKey, offset + 4)) && count >= _set.PublicKeyBytes;
    }

    private void AppendPrefix(int number, int domain)
    {
        BigEndian.Write((uint)number, _prefix, IdentifierBytes);
        _prefix[IdentifierBytes + 4] = (byte)(domain >> 8);
        _prefix[IdentifierBytes + 5] = (byte)domain;
        _hash.Append(_prefix, 0, _prefix.Length);
    }
}
