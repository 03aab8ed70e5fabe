using Dapper;
using EdgeMl.Mcu.Relay.Messages;
using Microsoft.Data.Sqlite;

namespace EdgeMl.Mcu.Relay.Dispatch;

/// <summary>A device's order, and its session as far as it has one.</summary>
internal sealed class SessionRow
{
    private const string Select =
        """
        select d.id Device, d.attempt Attempt, d.order_rollout Rollout, d.order_manifest Manifest, d.order_rollback Rollback,
            d.running Running, d.key_generation KeyGeneration, s.nonce Nonce, s.challenge Challenge, s.hello_running HelloRunning,
            s.hello_generation HelloGeneration, s.seq Seq, s.status_seq StatusSeq, s.result_seq ResultSeq, s.online Online
        from device d left join session s on s.device = d.id where d.id = @device and d.revoked = 0
        """;

    public string Device { get; init; } = string.Empty;

    public long Attempt { get; init; }

    public long? Rollout { get; init; }

    public byte[]? Manifest { get; init; }

    public long Rollback { get; init; }

    public byte[]? Running { get; init; }

    public long? KeyGeneration { get; init; }

    /// <summary>Null as long as there is no session.</summary>
    public byte[]? Nonce { get; init; }

    public byte[]? Challenge { get; init; }

    public byte[]? HelloRunning { get; init; }

    public long? HelloGeneration { get; init; }

    /// <summary>Of the last downlink.</summary>
    public long? Seq { get; init; }

    public long? StatusSeq { get; init; }

    public long? ResultSeq { get; init; }

    public long? Online { get; init; }

    /// <summary>Finds a device; null if it is unknown or revoked.</summary>
    public static SessionRow? Find(SqliteConnection connection, string device) => connection.QueryFirstOrDefault<SessionRow>(Select, new { device });

    /// <summary>Whether a message is of this session.</summary>
    public bool IsOf(byte[] nonce, byte[] challenge) => IsNonce(nonce) && challenge.AsSpan().SequenceEqual(Challenge);

    /// <summary>Whether this is the session's nonce.</summary>
    public bool IsNonce(byte[] nonce) => Nonce is not null && nonce.AsSpan().SequenceEqual(Nonce);

    /// <summary>Begins a session, unless the nonce is that of the present one. Numbers of downlinks go on: a late hello may bring a former nonce back, under which the device has seen some.</summary>
    public void Begin(SqliteConnection connection, byte[] nonce, byte[] helloRunning, long helloGeneration)
    {
        if (IsNonce(nonce))
        {
            connection.Execute("update session set online = 1, hello_running = @helloRunning, hello_generation = @helloGeneration where device = @Device", new { helloRunning, helloGeneration, Device });
            return;
        }
        connection.Execute(
            """
            insert into session(device, nonce, challenge, hello_running, hello_generation) values (@Device, @nonce, @challenge, @helloRunning, @helloGeneration)
            on conflict(device) do update set nonce = @nonce, challenge = @challenge, hello_running = @helloRunning, hello_generation = @helloGeneration,
                status_seq = 0, result_seq = 0, online = 1
            """,
            new { Device, nonce, challenge = System.Security.Cryptography.RandomNumberGenerator.GetBytes(BodyReader.NonceBytes), helloRunning, helloGeneration });
    }

    /// <summary>Takes the next number of a downlink, and reads the session again.</summary>
    public SessionRow? Next(SqliteConnection connection)
    {
        connection.Execute("update session set seq = seq + 1 where device = @Device", new { Device });
        return Find(connection, Device);
    }
}
