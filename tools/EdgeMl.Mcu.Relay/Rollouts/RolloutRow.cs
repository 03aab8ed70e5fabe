using System.Text.Json;
using Dapper;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Registry;
using Microsoft.Data.Sqlite;

namespace EdgeMl.Mcu.Relay.Rollouts;

/// <summary>A rollout as the database has it.</summary>
internal sealed class RolloutRow
{
    private const string Select =
        """
        select id Id, artifact Artifact, state State, stage Stage, reason Reason, soaked_ms SoakedMs, accepted_failures AcceptedFailures, total Total,
            plan PlanText, target TargetText, created Created, created_by CreatedBy from rollout
        """;

    public long Id { get; init; }

    public byte[] Artifact { get; init; } = [];

    public long State { get; init; }

    public long Stage { get; init; }

    public string Reason { get; init; } = string.Empty;

    public long SoakedMs { get; init; }

    public long AcceptedFailures { get; init; }

    public long Total { get; init; }

    public string PlanText { get; init; } = string.Empty;

    public string TargetText { get; init; } = string.Empty;

    public long Created { get; init; }

    public string CreatedBy { get; init; } = string.Empty;

    /// <summary>The plan.</summary>
    public RolloutPlan Plan => JsonSerializer.Deserialize<RolloutPlan>(PlanText, RelayJson.Options)!;

    /// <summary>Where it stands.</summary>
    public RolloutProgress Progress => new((RolloutState)State, (int)Stage, TimeSpan.FromMilliseconds(SoakedMs), (int)AcceptedFailures, Reason);

    /// <summary>All rollouts, newest first.</summary>
    public static IEnumerable<RolloutRow> All(SqliteConnection connection) => connection.Query<RolloutRow>($"{Select} order by id desc");

    /// <summary>Rollouts that run or roll back, oldest first.</summary>
    public static IEnumerable<RolloutRow> Moving(SqliteConnection connection) =>
        connection.Query<RolloutRow>($"{Select} where state in (@Running, @RollingBack) order by id", new { RolloutState.Running, RolloutState.RollingBack });

    /// <summary>A rollout.</summary>
    /// <exception cref="RelayException"><see cref="RelayErrorCodes.NotFound"/>.</exception>
    public static RolloutRow Get(SqliteConnection connection, long id) =>
        connection.QueryFirstOrDefault<RolloutRow>($"{Select} where id = @id", new { id })
        ?? throw new RelayException(RelayErrorCodes.NotFound, $"There is no rollout {id}.", "`edgeml ota status` shows all.", 404);

    /// <summary>Its members by state, those only whose place is below a limit.</summary>
    public MemberTally Tally(SqliteConnection connection, int below = int.MaxValue) => new(connection.Query<(long State, long Count)>(
        "select state, count(*) from member where rollout = @Id and ordinal < @below group by state", new { Id, below }).Select(row => ((MemberState)row.State, (int)row.Count)));

    /// <summary>The rollout as the HTTP API shows it.</summary>
    public RolloutInfo ToInfo(SqliteConnection connection, Artifact artifact)
    {
        RolloutPlan plan = Plan;
        MemberTally tally = Tally(connection);
        return new RolloutInfo
        {
            Id = Id,
            Artifact = Convert.ToHexStringLower(Artifact),
            Name = artifact.Name,
            Version = artifact.Version,
            State = (RolloutState)State,
            Reason = Reason,
            Stage = (int)Stage,
            Stages = plan.Stages,
            Gates = plan.Gates,
            Target = JsonSerializer.Deserialize<DeviceQuery>(TargetText, RelayJson.Options)!,
            SoakedSeconds = SoakedMs / 1000.0,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(Created),
            CreatedBy = CreatedBy,
            Counts = new RolloutCounts
            {
                Total = (int)Total,
                InStage = plan.Reach((int)Stage, (int)Total),
                Waiting = tally[MemberState.Waiting],
                Ordered = tally[MemberState.Ordered],
                Succeeded = tally[MemberState.Succeeded],
                Failed = tally[MemberState.Failed],
                Superseded = tally[MemberState.Superseded],
                Cancelled = tally[MemberState.Cancelled],
                RollingBack = tally[MemberState.RollingBack],
                RolledBack = tally[MemberState.RolledBack],
                RollbackFailed = tally[MemberState.RollbackFailed],
            },
        };
    }
}
