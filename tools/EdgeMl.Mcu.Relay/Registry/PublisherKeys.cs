using System.Security.Cryptography;
using Dapper;
using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Ota;
using EdgeMl.Mcu.Ota.Manifests;
using EdgeMl.Mcu.Relay.Audit;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Fleet;
using EdgeMl.Mcu.Relay.Storage;

namespace EdgeMl.Mcu.Relay.Registry;

/// <summary>The fleet's publisher keys: the first one, and one for each rotation. Thread-safe.</summary>
internal sealed class PublisherKeys(Store store, RelayClock clock)
{
    private const int LeafOffset = 4;

    private volatile Row[] _keys = Load(store);

    /// <summary>All keys, oldest first.</summary>
    public PublisherKeyInfo[] List() => [.. _keys.Select(Info)];

    /// <summary>Generation of the present key; null if there is none.</summary>
    public int? Generation => _keys is { Length: > 0 } keys ? keys.Length - 1 : null;

    /// <summary>The present key; null if there is none.</summary>
    public byte[]? Current => _keys is { Length: > 0 } keys ? keys[^1].PublicKey : null;

    /// <summary>The first rotation on the way from one generation to another; null if the first is not older.</summary>
    public byte[]? FirstRotation(long from, long to) => _keys.FirstOrDefault(key => key.Generation > from && key.Generation <= to)?.Rotation;

    /// <summary>Sets the first key, or follows a rotation.</summary>
    /// <exception cref="RelayException">
    /// <see cref="RelayErrorCodes.BadRequest"/>, <see cref="RelayErrorCodes.Conflict"/>, <see cref="RelayErrorCodes.NoPublisherKey"/>,
    /// <see cref="RelayErrorCodes.IndexReused"/>, or <see cref="RelayErrorCodes.WrongPublisherKey"/>.
    /// </exception>
    public async Task<PublisherKeyInfo> AddAsync(Actor actor, byte[]? publicKey, byte[]? rotation)
    {
        if ((publicKey is null) == (rotation is null))
            throw new RelayException(RelayErrorCodes.BadRequest, "Give either the first public key or a rotation.");
        Row added = await store.WriteAsync(connection =>
        {
            Row[] keys = [.. connection.Query<Row>(Select)];
            Row row = publicKey is not null ? First(keys, publicKey) : Next(keys, rotation!);
            if (row.Generation < keys.Length)
                return row;
            if (rotation is not null)
                AddLeaf(connection, row.Generation - 1, rotation);
            connection.Execute("insert into publisher_key(generation, public_key, rotation, added) values (@Generation, @PublicKey, @Rotation, @Added)", row);
            AuditLog.Append(
                connection, clock, actor.Name, rotation is null ? "publisher-key.set" : "publisher-key.rotate", $"publisher-key/{row.Generation}", Convert.ToHexStringLower(row.PublicKey));
            return row;
        });
        _keys = Load(store);
        return Info(added);
    }

    /// <summary>Reads a manifest and verifies it with the present key.</summary>
    /// <returns>The manifest, and the generation of the key.</returns>
    /// <exception cref="OtaException">It is malformed, or nobody's.</exception>
    /// <exception cref="RelayException"><see cref="RelayErrorCodes.NoPublisherKey"/>; <see cref="RelayErrorCodes.WrongPublisherKey"/>: a former key has signed it.</exception>
    public (SignedManifest Manifest, int Generation) Verify(byte[] blob)
    {
        Row[] keys = _keys;
        if (keys.Length == 0)
            throw NoKey();
        try
        {
            return (SignedManifest.Verify(blob, keys[^1].PublicKey), keys.Length - 1);
        }
        catch (OtaException exception) when (exception.Code == OtaErrorCodes.Signature)
        {
            foreach (Row former in keys.Reverse().Skip(1))
            {
                if (IsSignedBy(blob, former.PublicKey))
                {
                    throw new RelayException(
                        RelayErrorCodes.WrongPublisherKey, $"Publisher key generation {former.Generation} has signed the manifest; the fleet is at {keys.Length - 1}.",
                        "Sign the model again with the present key.", 422, exception);
                }
            }
            throw;
        }
    }

    private const string Select = "select generation Generation, public_key PublicKey, rotation Rotation, added Added from publisher_key order by generation";

    private static Row[] Load(Store store) => store.Read(connection => connection.Query<Row>(Select).ToArray());

    private Row First(Row[] keys, byte[] publicKey)
    {
        if (publicKey.Length != ManifestFormat.PublicKeyBytes)
            throw new RelayException(RelayErrorCodes.BadRequest, $"A public key has {ManifestFormat.PublicKeyBytes} bytes; this one has {publicKey.Length}.");
        if (keys.Length == 0)
            return new Row { Generation = 0, PublicKey = publicKey, Added = clock.WallTimeMs };
        if (keys[0].PublicKey.AsSpan().SequenceEqual(publicKey))
            return keys[0];
        throw new RelayException(RelayErrorCodes.Conflict, "The fleet has another first publisher key.", "A new key needs a rotation that the present key has signed (`edgeml keys rotate`).", 409);
    }

    private Row Next(Row[] keys, byte[] rotation)
    {
        if (keys.Length == 0)
            throw NoKey();
        if (keys.FirstOrDefault(key => key.Rotation is { } known && known.AsSpan().SequenceEqual(rotation)) is { } followed)
            return followed;
        byte[] next = new byte[ManifestFormat.PublicKeyBytes];
        var verifier = new ManifestVerifier(new HssVerifier(), new byte[ManifestFormat.MaxPayloadBytes]);
        AgentError error = verifier.VerifyRotation(new MemorySource(rotation), 0, rotation.Length, keys[^1].PublicKey, keys.Length - 1, next);
        return error == AgentError.None
            ? new Row { Generation = keys.Length, PublicKey = next, Rotation = rotation, Added = clock.WallTimeMs }
            : throw new RelayException(
                RelayErrorCodes.WrongPublisherKey, $"This is no rotation from generation {keys.Length - 1} to {keys.Length} that the present key has signed ({error}).", statusCode: 422);
    }

    private static void AddLeaf(Microsoft.Data.Sqlite.SqliteConnection connection, long generation, byte[] rotation)
    {
        var item = new SignedItem();
        item.Read(new MemorySource(rotation), 0, rotation.Length);
        long leaf = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(rotation.AsSpan(item.SignatureOffset + LeafOffset));
        byte[] hash = SHA256.HashData(rotation.AsSpan(0, item.SignatureOffset));
        LeafLog.RequireFree(connection, generation, leaf, hash);
        LeafLog.Add(connection, generation, leaf, hash);
    }

    private static bool IsSignedBy(byte[] blob, byte[] publicKey)
    {
        try
        {
            SignedManifest.Verify(blob, publicKey);
            return true;
        }
        catch (OtaException)
        {
            return false;
        }
    }

    private static RelayException NoKey() =>
        new(RelayErrorCodes.NoPublisherKey, "The fleet has no publisher key yet.", "Set the public key first (`edgeml relay serve --publisher-key` or POST /v1/publisher-keys).", 409);

    private static PublisherKeyInfo Info(Row row) => new()
    {
        Generation = (int)row.Generation,
        PublicKey = Convert.ToHexStringLower(row.PublicKey),
        AddedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Added),
    };

    private sealed class Row
    {
        public long Generation { get; init; }

        public byte[] PublicKey { get; init; } = [];

        public byte[]? Rotation { get; init; }

        public long Added { get; init; }
    }
}
