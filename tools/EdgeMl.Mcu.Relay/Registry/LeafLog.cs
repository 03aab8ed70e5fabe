using Dapper;
using Microsoft.Data.Sqlite;

namespace EdgeMl.Mcu.Relay.Registry;

/// <summary>Which LMS leaf of which publisher key was seen with which signed bytes. One leaf signs once; a second time shows a copied key.</summary>
internal static class LeafLog
{
    /// <summary>Requires that a leaf was not seen with other bytes.</summary>
    /// <exception cref="RelayException"><see cref="RelayErrorCodes.IndexReused"/>.</exception>
    public static void RequireFree(SqliteConnection connection, long generation, long leaf, byte[] hash)
    {
        byte[]? seen = connection.QueryFirstOrDefault<byte[]>("select hash from leaf where generation = @generation and leaf = @leaf", new { generation, leaf });
        if (seen is not null && !seen.AsSpan().SequenceEqual(hash))
        {
            throw new RelayException(
                RelayErrorCodes.IndexReused, $"Leaf {leaf} of publisher key generation {generation} has signed something else before.",
                "A copy of the key file is in use: stop using every copy, and rotate the key.", 409);
        }
    }

    /// <summary>Remembers a leaf.</summary>
    public static void Add(SqliteConnection connection, long generation, long leaf, byte[] hash) => connection.Execute(
        "insert into leaf(generation, leaf, hash) values (@generation, @leaf, @hash) on conflict do nothing", new { generation, leaf, hash });
}
