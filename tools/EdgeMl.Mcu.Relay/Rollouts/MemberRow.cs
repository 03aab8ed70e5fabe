using Dapper;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Fleet;
using Microsoft.Data.Sqlite;

namespace EdgeMl.Mcu.Relay.Rollouts;

/// <summary>A member of a rollout as the database has it, with what its device runs.</summary>
internal sealed class MemberRow
{
    private const string Select =
        """
        select m.rollout Rollout, m.ordinal Ordinal, m.device Device, m.state State, m.attempt Attempt, m.orders Orders, m.error Error, m.previous Previous,
            d.running Running, d.revoked Revoked, d.key_generation KeyGeneration, d.state DeviceState, d.progress Progress, d.order_rollout OrderRollout
        from member m join device d on d.id = m.device
        """;

    public long Rollout { get; init; }

    public long Ordinal { get; init; }

    public string Device { get; init; } = string.Empty;

    public long State { get; init; }

    public long Attempt { get; init; }

    public long Orders { get; init; }

    public long Error { get; init; }

    public byte[]? Previous { get; init; }

    public byte[]? Running { get; init; }

    public long Revoked { get; init; }

    public long? KeyGeneration { get; init; }

    public long DeviceState { get; init; }

    public long Progress { get; init; }

    public long? OrderRollout { get; init; }

    /// <summary>Whether it had an order, and what it ran before is known.</summary>
    public bool CanGoBack => Orders > 0 && Previous is { Length: > 0 };

    /// <summary>Members in the order of stages.</summary>
    public static IEnumerable<MemberRow> Of(SqliteConnection connection, long rollout) =>
        connection.Query<MemberRow>($"{Select} where m.rollout = @rollout order by m.ordinal", new { rollout });

    /// <summary>Members in a state whose place is below a limit, the first ones.</summary>
    public static IEnumerable<MemberRow> In(SqliteConnection connection, long rollout, MemberState state, int below, int count) => connection.Query<MemberRow>(
        $"{Select} where m.rollout = @rollout and m.state = @state and m.ordinal < @below order by m.ordinal limit @count", new { rollout, state, below, count });

    /// <summary>A device's membership; null if it is none.</summary>
    public static MemberRow? Find(SqliteConnection connection, long rollout, string device) =>
        connection.QueryFirstOrDefault<MemberRow>($"{Select} where m.rollout = @rollout and m.device = @device", new { rollout, device });

    /// <summary>The member as the HTTP API shows it.</summary>
    public RolloutDevice ToInfo() => new()
    {
        Device = Device,
        Ordinal = (int)Ordinal,
        State = (MemberState)State,
        Attempt = Attempt,
        Orders = (int)Orders,
        Error = (int)Error,
        ErrorName = DeviceRow.ErrorName(Error),
        Previous = Previous is { Length: > 0 } previous ? Convert.ToHexStringLower(previous) : null,
        DeviceState = (DeviceState)DeviceState,
        ProgressChunks = (int)Progress,
    };
}
