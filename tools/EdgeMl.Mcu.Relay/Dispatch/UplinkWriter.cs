using Dapper;
using EdgeMl.Mcu.Relay.Messages;
using EdgeMl.Mcu.Relay.Rollouts;
using EdgeMl.Mcu.Relay.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeMl.Mcu.Relay.Dispatch;

/// <summary>Brings uplinks into the database, and says what is to be answered once that is committed. Everything in it may be repeated.</summary>
internal sealed class UplinkWriter(OutcomeWriter outcomes, RelayClock clock, RelayCounters counters, int resultsPerDeviceMax)
{
    /// <summary>Stores an uplink.</summary>
    /// <param name="connection">Within a write.</param>
    /// <param name="uplink">What has come.</param>
    /// <param name="answers">Takes what is to be sent after the commit.</param>
    /// <returns>Whether a rollout may have something to do now.</returns>
    public bool Write(SqliteConnection connection, Uplink uplink, ICollection<Downlink> answers)
    {
        if (SessionRow.Find(connection, uplink.Device) is not { } session)
            return false;
        switch (uplink)
        {
            case HelloUplink hello:
                WriteHello(connection, session, hello.Hello);
                Answer(connection, session, isDesired: true, answers);
                return false;
            case StatusUplink status:
                return WriteStatus(connection, session, status.Status, answers);
            case ResultsUplink results:
                WriteResults(connection, session, results.Results, answers);
                return false;
            case OfflineUplink:
                connection.Execute("update session set online = 0 where device = @Device", new { session.Device });
                return false;
            default:
                if (session.Online == 1)
                    Answer(connection, session, isDesired: true, answers);
                return false;
        }
    }

    private void WriteHello(SqliteConnection connection, SessionRow session, DeviceHello hello)
    {
        Interlocked.Increment(ref counters.Hellos);
        session.Begin(connection, hello.Nonce, hello.Running, hello.KeyGeneration);
        connection.Execute(
            """
            update device set board = @Board, firmware = @Firmware, abi = @RuntimeAbi, free_memory = @FreeMemory, slot_bytes = @SlotBytes,
                battery = @Battery, last_seen = @Now where id = @Device
            """,
            new { hello.Board, hello.Firmware, hello.RuntimeAbi, hello.FreeMemory, hello.SlotBytes, hello.Battery, Now = clock.WallTimeMs, session.Device });
    }

    private bool WriteStatus(SqliteConnection connection, SessionRow session, DeviceStatus status, ICollection<Downlink> answers)
    {
        if (!session.IsOf(status.Nonce, status.Challenge))
        {
            AnswerStale(connection, session, status.Nonce, status.Running, status.KeyGeneration, answers);
            return false;
        }
        if (status.Seq <= session.StatusSeq)
        {
            Interlocked.Increment(ref counters.Stale);
            Answer(connection, session, isDesired: false, answers);
            return false;
        }
        Interlocked.Increment(ref counters.Statuses);
        connection.Execute("update session set status_seq = @Seq, online = 1 where device = @Device", new { status.Seq, session.Device });
        connection.Execute(
            """
            update device set running = @Running, state = @State, error = @Error, progress = @Progress, epoch = @Epoch, key_generation = @KeyGeneration,
                free_memory = @FreeMemory, battery = coalesce(@Battery, battery), last_seen = @Now where id = @Device
            """,
            new
            {
                status.Running,
                status.State,
                status.Error,
                status.Progress,
                status.Epoch,
                status.KeyGeneration,
                status.FreeMemory,
                status.Battery,
                Now = clock.WallTimeMs,
                session.Device,
            });
        (OrderOutcome outcome, bool hasNewOrder) = session is { Rollout: { } rollout, Manifest: { } manifest }
            ? outcomes.Write(connection, session.Device, rollout, session.Attempt, manifest, session.Rollback != 0, status)
            : (OrderOutcome.Open, false);
        Answer(connection, session, isDesired: false, answers);
        if (hasNewOrder || (session.Rollout is not null && outcome == OrderOutcome.Open && status.KeyGeneration > session.KeyGeneration))
            Answer(connection, session, isDesired: true, answers);
        return outcome != OrderOutcome.Open;
    }

    private void WriteResults(SqliteConnection connection, SessionRow session, DeviceResults results, ICollection<Downlink> answers)
    {
        if (!session.IsOf(results.Nonce, results.Challenge))
        {
            AnswerStale(connection, session, results.Nonce, session.HelloRunning ?? [], session.HelloGeneration ?? 0, answers);
            return;
        }
        long last = results.Records.Max(record => record.Seq);
        int stored = connection.Execute(
            "insert into result(device, seq, stored, record) values (@Device, @Seq, @Now, @Record) on conflict do nothing",
            results.Records.Select(record => new { session.Device, record.Seq, Now = clock.WallTimeMs, record.Record }));
        Interlocked.Add(ref counters.Results, stored);
        connection.Execute("delete from result where device = @Device and seq <= @oldest", new { session.Device, oldest = last - resultsPerDeviceMax });
        connection.Execute("update session set result_seq = max(result_seq, @last), online = 1 where device = @Device", new { last, session.Device });
        connection.Execute("update device set last_seen = @Now where id = @Device", new { Now = clock.WallTimeMs, session.Device });
        Answer(connection, session, isDesired: false, answers);
    }

    // What is not of the session is not believed; the answer tells the device the challenge.
    private void AnswerStale(SqliteConnection connection, SessionRow session, byte[] nonce, byte[] running, long generation, ICollection<Downlink> answers)
    {
        Interlocked.Increment(ref counters.Stale);
        session.Begin(connection, nonce, running, generation);
        Answer(connection, session, isDesired: true, answers);
    }

    private static void Answer(SqliteConnection connection, SessionRow session, bool isDesired, ICollection<Downlink> answers)
    {
        if (session.Next(connection) is { Nonce: not null } next)
            answers.Add(new Downlink(next, isDesired));
    }
}
