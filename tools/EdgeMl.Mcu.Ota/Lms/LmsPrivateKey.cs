using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EdgeMl.Mcu.Ota.Lms;

/// <summary>
/// An LMS key derived from a seed, with all nodes of its tree in memory (RFC 8554, section 5). It keeps no account of the leaves that were used: two messages
/// signed with one leaf let others forge signatures, so everything but tests signs through a key file. Immutable and thread-safe.
/// </summary>
public sealed class LmsPrivateKey
{
    /// <summary>Bytes of the identifier I.</summary>
    public const int IdentifierBytes = 16;

    private readonly byte[] _identifier;
    private readonly byte[] _seed;
    private readonly byte[] _nodes;

    private LmsPrivateKey(LmsParameters parameters, byte[] identifier, byte[] seed, byte[] nodes)
    {
        Parameters = parameters;
        _identifier = identifier;
        _seed = seed;
        _nodes = nodes;
    }

    /// <summary>The parameter set.</summary>
    public LmsParameters Parameters { get; }

    /// <summary>The identifier I, 16 bytes.</summary>
    public ReadOnlySpan<byte> Identifier => _identifier;

    /// <summary>The secret, as many bytes as a hash value.</summary>
    internal ReadOnlySpan<byte> Seed => _seed;

    /// <summary>The nodes of the tree from number 1, the root, to the leaves, one hash value each.</summary>
    internal ReadOnlySpan<byte> Nodes => _nodes.AsSpan(Parameters.HashBytes);

    /// <summary>A new key of the system's random numbers.</summary>
    public static LmsPrivateKey Generate(LmsParameters parameters) =>
        Derive(parameters, RandomNumberGenerator.GetBytes(IdentifierBytes), RandomNumberGenerator.GetBytes(parameters.HashBytes));

    /// <summary>The key of an identifier and a seed (RFC 8554, appendix A). Works out every leaf on all processors.</summary>
    /// <param name="parameters">Parameter set.</param>
    /// <param name="identifier">I, 16 bytes.</param>
    /// <param name="seed">As many bytes as a hash value.</param>
    public static LmsPrivateKey Derive(LmsParameters parameters, ReadOnlySpan<byte> identifier, ReadOnlySpan<byte> seed)
    {
        (byte[] i, byte[] secret) = Checked(parameters, identifier, seed);
        int n = parameters.HashBytes;
        int leaves = parameters.LeafCount;
        byte[] nodes = new byte[2 * leaves * n];
        Parallel.For(
            0,
            leaves,
            () => new OneTimeKey(parameters, i, secret),
            (leaf, _, keys) =>
            {
                keys.PublicKey(leaf, nodes.AsSpan((leaves + leaf) * n, n));
                return keys;
            },
            _ => { });
        var hash = new LmsHash(parameters, i);
        for (int node = (2 * leaves) - 1; node >= 1; node--)
        {
            ushort domain = node >= leaves ? LmsHash.LeafDomain : LmsHash.NodeDomain;
            ReadOnlySpan<byte> tail = node >= leaves ? nodes.AsSpan(node * n, n) : nodes.AsSpan(2 * node * n, 2 * n);
            hash.Compute(node, domain, tail, nodes.AsSpan(node * n, n));
        }
        return new LmsPrivateKey(parameters, i, secret, nodes);
    }

    /// <summary>A key whose tree was kept.</summary>
    /// <param name="parameters">Parameter set.</param>
    /// <param name="identifier">I, 16 bytes.</param>
    /// <param name="seed">As many bytes as a hash value.</param>
    /// <param name="nodes">What <see cref="Nodes"/> was.</param>
    internal static LmsPrivateKey Restore(LmsParameters parameters, ReadOnlySpan<byte> identifier, ReadOnlySpan<byte> seed, ReadOnlySpan<byte> nodes)
    {
        (byte[] i, byte[] secret) = Checked(parameters, identifier, seed);
        int n = parameters.HashBytes;
        if (nodes.Length != ((2 * parameters.LeafCount) - 1) * n)
            throw new ArgumentException($"A tree takes {((2 * parameters.LeafCount) - 1) * n} bytes, not {nodes.Length}.", nameof(nodes));
        return new LmsPrivateKey(parameters, i, secret, [.. new byte[n], .. nodes]);
    }

    /// <summary>The public key in the encoding of LMS: types, I, root (section 5.3).</summary>
    public byte[] LmsPublicKey()
    {
        byte[] key = new byte[Parameters.PublicKeyBytes];
        BinaryPrimitives.WriteInt32BigEndian(key, Parameters.TreeType);
        BinaryPrimitives.WriteInt32BigEndian(key.AsSpan(4), Parameters.OneTimeType);
        _identifier.CopyTo(key.AsSpan(8));
        _nodes.AsSpan(Parameters.HashBytes, Parameters.HashBytes).CopyTo(key.AsSpan(24));
        return key;
    }

    /// <summary>The public key in the encoding of HSS with one level (section 6.1).</summary>
    public byte[] HssPublicKey() => [0, 0, 0, 1, .. LmsPublicKey()];

    /// <summary>Signs a message with a leaf, in the encoding of LMS (section 5.4).</summary>
    /// <param name="leaf">q: 0 to below <see cref="LmsParameters.LeafCount"/>. Never to be used for another message.</param>
    /// <param name="message">What to sign.</param>
    /// <param name="randomizer">C: as many random bytes as a hash value.</param>
    public byte[] LmsSign(int leaf, ReadOnlySpan<byte> message, ReadOnlySpan<byte> randomizer)
    {
        int n = Parameters.HashBytes;
        ArgumentOutOfRangeException.ThrowIfNegative(leaf);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(leaf, Parameters.LeafCount);
        if (randomizer.Length != n)
            throw new ArgumentException($"The randomizer has {randomizer.Length} bytes, not {n}.", nameof(randomizer));
        byte[] oneTime = new OneTimeKey(Parameters, _identifier, _seed).Sign(leaf, message, randomizer);
        byte[] signature = new byte[Parameters.SignatureBytes];
        BinaryPrimitives.WriteInt32BigEndian(signature, leaf);
        oneTime.CopyTo(signature.AsSpan(4));
        int at = 4 + oneTime.Length;
        BinaryPrimitives.WriteInt32BigEndian(signature.AsSpan(at), Parameters.TreeType);
        at += 4;
        for (int node = Parameters.LeafCount + leaf; node > 1; node >>= 1, at += n)
            _nodes.AsSpan((node ^ 1) * n, n).CopyTo(signature.AsSpan(at));
        return signature;
    }

    /// <summary>Signs a message with a leaf, in the encoding of HSS with one level (section 6.2).</summary>
    /// <inheritdoc cref="LmsSign"/>
    public byte[] HssSign(int leaf, ReadOnlySpan<byte> message, ReadOnlySpan<byte> randomizer) => [0, 0, 0, 0, .. LmsSign(leaf, message, randomizer)];

    private static (byte[] Identifier, byte[] Seed) Checked(LmsParameters parameters, ReadOnlySpan<byte> identifier, ReadOnlySpan<byte> seed)
    {
        if (identifier.Length != IdentifierBytes)
            throw new ArgumentException($"The identifier has {identifier.Length} bytes, not {IdentifierBytes}.", nameof(identifier));
        if (seed.Length != parameters.HashBytes)
            throw new ArgumentException($"The seed has {seed.Length} bytes, not {parameters.HashBytes}.", nameof(seed));
        return (identifier.ToArray(), seed.ToArray());
    }
}
