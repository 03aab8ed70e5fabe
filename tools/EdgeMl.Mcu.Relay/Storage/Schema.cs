using Dapper;
using Microsoft.Data.Sqlite;

namespace EdgeMl.Mcu.Relay.Storage;

/// <summary>The tables of the database. <c>user_version</c> counts the steps that were made.</summary>
/// <remarks>
/// Times are milliseconds since 1970 and for people only; nothing is decided by them but the expiry of keys and tokens. Enumerations are stored as numbers.
/// </remarks>
internal static class Schema
{
    /// <summary>Each entry brings a database from the version of its index to the next one.</summary>
    private static readonly string[] Steps =
    [
        """
        create table api_key(
            id text primary key, name text not null, role integer not null, hash blob not null,
            created integer not null, expires integer, revoked integer not null default 0) without rowid;
        create table publisher_key(generation integer primary key, public_key blob not null, rotation blob, added integer not null);
        create table artifact(
            id blob primary key, name text not null, version text not null, epoch integer not null, abi integer not null, ram integer not null,
            model_id blob not null, length integer not null, chunk_size integer not null, encrypted integer not null, model_key blob,
            generation integer not null, leaf integer not null, expires integer not null,
            manifest_length integer not null, manifest_hashes blob, published integer not null, published_by text not null,
            unique(name, version)) without rowid;
        create table leaf(generation integer not null, leaf integer not null, hash blob not null, primary key(generation, leaf)) without rowid;
        create table delta(base blob not null, target blob not null, id blob, length integer not null, hashes blob, primary key(base, target)) without rowid;
        create table token(hash blob primary key, device text, tags text not null, expires integer not null) without rowid;
        create table device(
            id text primary key, key blob not null, tags text not null, revoked integer not null default 0, enrolled integer not null,
            board text, firmware text, abi integer, free_memory integer, slot_bytes integer, battery integer, key_generation integer, epoch integer,
            running blob, state integer not null default 255, error integer not null default 0, progress integer not null default 0, last_seen integer,
            attempt integer not null default 0, order_rollout integer, order_manifest blob, order_rollback integer not null default 0) without rowid;
        create table session(
            device text primary key, nonce blob not null, challenge blob not null, hello_running blob not null, hello_generation integer not null,
            seq integer not null default 0, status_seq integer not null default 0, result_seq integer not null default 0, online integer not null default 1) without rowid;
        create table rollout(
            id integer primary key autoincrement, artifact blob not null, state integer not null, stage integer not null default 0, reason text not null default '',
            soaked_ms integer not null default 0, accepted_failures integer not null default 0, total integer not null,
            plan text not null, target text not null, created integer not null, created_by text not null);
        create table member(
            rollout integer not null, ordinal integer not null, device text not null, state integer not null default 0, attempt integer not null default 0,
            orders integer not null default 0, error integer not null default 0, previous blob, primary key(rollout, ordinal)) without rowid;
        create unique index member_device on member(device, rollout);
        create index member_state on member(rollout, state, ordinal);
        create table result(device text not null, seq integer not null, stored integer not null, record blob not null, primary key(device, seq)) without rowid;
        create table audit(seq integer primary key, subject text not null, hash blob not null, line text not null);
        create index audit_subject on audit(subject, seq);
        """,
    ];

    /// <summary>Brings a database to the present version, in one transaction.</summary>
    /// <exception cref="RelayException"><see cref="RelayErrorCodes.DataFolder"/>: a newer relay has written it.</exception>
    public static void Upgrade(SqliteConnection connection)
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        int version = connection.ExecuteScalar<int>("pragma user_version", transaction: transaction);
        if (version > Steps.Length)
        {
            throw new RelayException(
                RelayErrorCodes.DataFolder, $"The database has version {version}; this relay knows up to {Steps.Length}.", "Use a relay that is at least as new as the last one.", 500);
        }
        foreach (string step in Steps.Skip(version))
            connection.Execute(step, transaction: transaction);
        connection.Execute($"pragma user_version = {Steps.Length}", transaction: transaction);
        transaction.Commit();
    }
}
