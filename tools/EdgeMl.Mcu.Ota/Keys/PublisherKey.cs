using System.Security.Cryptography;
using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Ota.Lms;
using EdgeMl.Mcu.Ota.Manifests;

namespace EdgeMl.Mcu.Ota.Keys;

/// <summary>
/// A publisher's signing key on disk, with the account of its leaves. A leaf is reserved durably before it signs, in the key's state and log and in a record of
/// this machine. Several processes may sign with one key file; instances are not thread-safe.
/// </summary>
/// <remarks>
/// Recognised and refused: a state or record that is missing, a state that is older than this machine has seen, a copy of the key file on this machine or brought from another
/// one, damaged files. Not recognised: a snapshot of the whole machine, record included, that is restored or cloned. There the registry's check of leaf numbers is what is left.
/// </remarks>
public sealed class PublisherKey
{
    /// <summary>Leaves at the end of the tree that sign nothing but rotations, so that a key that is used up can still name its successor.</summary>
    public const int LeavesForRotation = 4;

    /// <summary>Manifests that one key can sign.</summary>
    public const int ManifestsMax = ManifestFormat.LeafCount - LeavesForRotation;

    private readonly KeyFiles _files;
    private readonly KeyPaths _paths;
    private readonly LmsPrivateKey _key;

    private PublisherKey(KeyFiles files, KeyPaths paths, LmsPrivateKey key, int generation)
    {
        _files = files;
        _paths = paths;
        _key = key;
        Generation = generation;
        PublicKey = key.HssPublicKey();
        Id = IdOf(PublicKey);
    }

    /// <summary>Name of the key: the first 8 bytes of the SHA-256 of its public key, in hex.</summary>
    public string Id { get; }

    /// <summary>Number of keys before this one, each of which has signed the next.</summary>
    public int Generation { get; }

    /// <summary>The public key, 52 bytes.</summary>
    public byte[] PublicKey { get; }

    /// <summary>The name of a public key.</summary>
    public static string IdOf(byte[] publicKey) => Convert.ToHexStringLower(SHA256.HashData(publicKey).AsSpan(0, 8));

    /// <summary>Makes a new key with its files.</summary>
    /// <param name="paths">Where.</param>
    /// <param name="files">File operations.</param>
    /// <param name="generation">Number of keys before this one.</param>
    /// <exception cref="OtaException"><c>ota.key-exists</c>, <c>ota.key-unwritable</c>.</exception>
    public static PublisherKey Create(KeyPaths paths, KeyFiles files, int generation = 0)
    {
        // A creation that was cut off leaves an empty log and no key; anything more belongs to a key that may have signed.
        if (files.Read(paths.Key) is not null || files.Read(paths.Log) is { Length: > 0 })
            throw new OtaException(OtaErrorCodes.KeyExists, $"There is a key '{paths.Key}' already, or its log.", "Keys are never overwritten: choose another name.");
        var key = new PublisherKey(files, paths, LmsPrivateKey.Generate(LmsParameters.Product), generation);
        // The key comes last: without it, what is there is the state of a key that can never sign.
        new LeafLedger(files, paths, key.Id).Create();
        files.Replace(paths.PublicKey, PublicKeyFile.Write(key.PublicKey, generation));
        files.Replace(paths.Key, KeyFileContent.Write(key._key, generation));
        return key;
    }

    /// <summary>Reads a key file. Its state is looked at when it is needed.</summary>
    /// <exception cref="OtaException"><c>ota.key-unreadable</c>.</exception>
    public static PublisherKey Open(KeyPaths paths, KeyFiles files)
    {
        byte[] content = files.Read(paths.Key) ?? throw new OtaException(OtaErrorCodes.KeyUnreadable, $"There is no key file '{paths.Key}'.", "'edgeml keys new' makes one.");
        (LmsPrivateKey key, int generation) = KeyFileContent.Read(content, paths.Key);
        return new PublisherKey(files, paths, key, generation);
    }

    /// <summary>How much of the key is used up.</summary>
    /// <exception cref="OtaException"><c>ota.key-state-lost</c>, <c>ota.key-state-old</c>, <c>ota.key-state-damaged</c>, <c>ota.key-copied</c>.</exception>
    public KeyUsage Usage()
    {
        using IDisposable _ = _files.Lock(_paths.Lock(Id));
        LedgerSnapshot snapshot = new LeafLedger(_files, _paths, Id).Open();
        return new KeyUsage(snapshot.Next, Math.Max(0, ManifestsMax - snapshot.Next), snapshot.Successor, snapshot.Log.Entries);
    }

    /// <summary>Signs what a manifest is to say.</summary>
    /// <returns>The manifest blob.</returns>
    /// <exception cref="OtaException">As <see cref="Usage"/>, or <c>ota.key-exhausted</c>, <c>ota.key-superseded</c>, <c>ota.manifest-argument</c>.</exception>
    public byte[] Sign(ManifestContent content) => ManifestBuilder.Build(content, message => Sign(message, null));

    /// <summary>Signs another key as this one's successor. From then on this key signs no manifests; the same rotation may be signed again.</summary>
    /// <param name="next">The new key, whose generation follows this one's.</param>
    /// <returns>The rotation, for relays and devices.</returns>
    /// <exception cref="OtaException">As <see cref="Sign(ManifestContent)"/>, or <c>ota.rotation-generation</c>.</exception>
    public byte[] SignRotation(PublisherKey next)
    {
        if (next.Generation != Generation + 1)
            throw new OtaException(OtaErrorCodes.RotationGeneration, $"The new key is of generation {next.Generation}; {Generation + 1} follows {Generation}.");
        return RotationBuilder.Build(next.PublicKey, next.Generation, message => Sign(message, next.PublicKey));
    }

    private byte[] Sign(byte[] message, byte[]? successor)
    {
        using IDisposable _ = _files.Lock(_paths.Lock(Id));
        var ledger = new LeafLedger(_files, _paths, Id);
        LedgerSnapshot snapshot = ledger.Open();
        string? successorHex = successor is null ? null : Convert.ToHexStringLower(successor);
        if (snapshot.Successor is not null && snapshot.Successor != successorHex)
            throw new OtaException(
                OtaErrorCodes.KeySuperseded,
                $"The key {Id} has the successor {IdOf(Convert.FromHexString(snapshot.Successor))} and signs {(successor is null ? "no more manifests" : "no other one")}.",
                "Sign with the new key.");
        int limit = successor is null ? ManifestsMax : ManifestFormat.LeafCount;
        if (snapshot.Next >= limit)
            throw new OtaException(
                OtaErrorCodes.KeyExhausted,
                $"All {limit} signatures of the key {Id} are used up.",
                successor is null ? $"Go on with the next key: 'edgeml keys rotate'. {LeavesForRotation} signatures are kept for that." : "Provision devices with a new key.");
        int leaf = ledger.Reserve(snapshot, Convert.ToHexStringLower(SHA256.HashData(message)), successorHex);
        byte[] signature = _key.HssSign(leaf, message, RandomNumberGenerator.GetBytes(LmsParameters.Product.HashBytes));
        var verifier = new HssVerifier();
        bool begun = verifier.Begin(PublicKey, 0, PublicKey.Length, new MemorySource(signature), 0, signature.Length);
        verifier.Message.Append(message, 0, message.Length);
        if (!begun || !verifier.Finish())
            throw new OtaException(OtaErrorCodes.KeyUnreadable, $"The key file '{_paths.Key}' is damaged: its signature does not verify. Leaf {leaf} is used up.", "Restore the key file, not its state.");
        return signature;
    }
}

/// <summary>How much of a key is used up.</summary>
/// <param name="Used">Leaves that were reserved, those that were given up included.</param>
/// <param name="Remaining">Manifests that can still be signed.</param>
/// <param name="Successor">Public key of the successor in hex, or null.</param>
/// <param name="Log">The reserved leaves.</param>
public sealed record KeyUsage(int Used, int Remaining, string? Successor, IReadOnlyList<SignatureLogEntry> Log)
{
    /// <summary>Remaining signatures from which on a rotation is due.</summary>
    public const int FewRemaining = 64;

    /// <summary>Whether the key should be rotated soon.</summary>
    public bool IsLow => Remaining <= FewRemaining;
}
