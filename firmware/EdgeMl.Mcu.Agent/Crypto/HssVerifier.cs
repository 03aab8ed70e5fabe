using System;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Agent.Crypto;

/// <summary>
/// Verifies signatures of HSS (RFC 8554, section 6), one to eight levels of LMS trees, with constant RAM. The product's own have one level, of LMS_SHA256_M24_H10
/// with LMOTS_SHA256_N24_W4. Allocates nothing after construction but for a key of several levels. Not thread-safe.
/// </summary>
/// <remarks>One verification is <see cref="Begin"/>, <see cref="Message"/> with the whole message, <see cref="Finish"/>.</remarks>
public sealed class HssVerifier
{
    /// <summary>Bytes of a public key of the product.</summary>
    public const int PublicKeyBytes = 52;

    /// <summary>Bytes of a signature of the product.</summary>
    public const int SignatureBytes = 1504;

    private const int LevelsBytes = 4;
    private const int TypesBytes = 8;
    private const int MaxLevels = 8;

    private readonly LmsVerifier _tree;
    private readonly byte[] _key = new byte[56];
    private bool _begun;

    /// <summary>Creates a verifier.</summary>
    public HssVerifier()
        : this(new Sha256())
    {
    }

    /// <summary>Creates a verifier that works with a hash which others use too, but not during a verification.</summary>
    public HssVerifier(Sha256 hash)
    {
        _tree = new LmsVerifier(hash);
    }

    /// <summary>Takes the message, a piece at a time, between <see cref="Begin"/> and <see cref="Finish"/>.</summary>
    public Sha256 Message => _tree.Message;

    /// <summary>Begins to verify a signature. Verifies the signatures of the upper levels, where the key has several.</summary>
    /// <param name="publicKey">Holds the public key: the number of levels, and the public key of the uppermost tree. It is copied.</param>
    /// <param name="keyOffset">Index of its first byte.</param>
    /// <param name="keyCount">Its length, 52 or 60 bytes.</param>
    /// <param name="signature">Holds the signature; must stay as it is until <see cref="Finish"/>.</param>
    /// <param name="offset">Where the signature begins in the source.</param>
    /// <param name="count">Its length.</param>
    /// <returns>Whether the signature is of the key's type and could be read so far. If not, it is not valid.</returns>
    public bool Begin(byte[] publicKey, int keyOffset, int keyCount, ByteSource signature, int offset, int count)
    {
        _begun = false;
        int keyBytes = keyCount - LevelsBytes;
        if (keyBytes < TypesBytes || keyBytes > _key.Length || offset < 0 || count < LevelsBytes || count > signature.Length - offset)
            return false;
        uint levels = BigEndian.Read(publicKey, keyOffset);
        if (levels < 1 || levels > MaxLevels || !signature.Read(offset, _key, 0, LevelsBytes) || BigEndian.Read(_key, 0) != levels - 1)
            return false;
        int end = offset + count;
        offset += LevelsBytes;
        Array.Copy(publicKey, keyOffset + LevelsBytes, _key, 0, keyBytes);
        int signatureBytes = _tree.SignatureBytes(_key, 0, keyBytes);
        if (signatureBytes == 0 || _tree.PublicKeyBytes != keyBytes)
            return false;
        for (; levels > 1; levels--)
        {
            int next = offset + signatureBytes;
            if (next > end - TypesBytes || !_tree.Begin(_key, 0, keyBytes, signature, offset))
                return false;
            // The tree needs its own parameters until it is finished.
            var lower = new LmsParameterSet();
            if (!signature.Read(next, _key, 0, TypesBytes) || !lower.Select(BigEndian.Read(_key, 0), BigEndian.Read(_key, 4)))
                return false;
            keyBytes = lower.PublicKeyBytes;
            signatureBytes = lower.SignatureBytes;
            offset = next + keyBytes;
            if (offset > end || !signature.Read(next, _key, 0, keyBytes))
                return false;
            _tree.Message.Append(_key, 0, keyBytes);
            if (!_tree.Finish())
                return false;
        }
        _begun = signatureBytes == end - offset && _tree.Begin(_key, 0, keyBytes, signature, offset);
        return _begun;
    }

    /// <summary>Ends a verification.</summary>
    /// <returns>Whether <see cref="Begin"/> began one, and the signature is the key's for the message.</returns>
    public bool Finish()
    {
        bool begun = _begun;
        _begun = false;
        return begun && _tree.Finish();
    }
}
