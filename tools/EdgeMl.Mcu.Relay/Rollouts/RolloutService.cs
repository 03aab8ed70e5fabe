using System.Globalization;
using System.Text.Json;
using Dapper;
using EdgeMl.Mcu.Relay.Audit;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Fleet;
using EdgeMl.Mcu.Relay.Registry;
using EdgeMl.Mcu.Relay.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeMl.Mcu.Relay.Rollouts;

/// <summary>Makes and steers rollouts, and moves them on.</summary>
internal sealed class RolloutService(Store store, ArtifactRegistry registry, DeltaCache deltas, RetryDelays delays, RelayClock clock)
{
    private const int OrdersPerStepMax = 500;
    private const int DeltaBasesMax = 8;
    private static readonly TimeSpan DeltaWait = TimeSpan.FromSeconds(5);

    /// <summary>Is told which devices have new orders, after they were committed.</summary>
    public Action<IReadOnlyList<string>> OnOrdered { get; set; } = _ => { };

    /// <summary>Is told that there is something to do.</summary>
    public Action OnChanged { get; set; } = () => { };

    /// <summary>All rollouts, newest first.</summary>
    public RolloutInfo[] List() => store.Read(connection => RolloutRow.All(connection).Select(row => Info(connection, row)).ToArray());

    /// <summary>A rollout.</summary>
    public RolloutInfo Get(long id) => store.Read(connection => Info(connection, RolloutRow.Get(connection, id)));

    /// <summary>Its members, in the order of stages.</summary>
    public RolloutDevice[] Devices(long id) => store.Read(connection => MemberRow.Of(connection, RolloutRow.Get(connection, id).Id).Select(row => row.ToInfo()).ToArray());

    /// <summary>What happened to it.</summary>
    public AuditEntry[] History(long id) => store.Read(connection => AuditLog.Of(connection, Subject(RolloutRow.Get(connection, id).Id)));

    /// <summary>Makes a rollout for the devices that match now.</summary>
    public async Task<RolloutInfo> CreateAsync(Actor actor, RolloutRequest request)
    {
        RolloutPlan plan = RolloutPlan.From(request);
        ArgumentNullException.ThrowIfNull(request.Target);
        Artifact artifact = registry.Get(request.Artifact);
        await PrepareDeltasAsync(request.Target, artifact);
        RolloutInfo info = await store.WriteAsync(connection =>
        {
            string[] devices = [.. DeviceSelection.Select(connection, request.Target, withRevoked: false).Select(device => device.Id)];
            if (devices.Length == 0)
                throw new RelayException(RelayErrorCodes.BadRequest, "No device matches the target.", "`edgeml devices list` with the same conditions shows what matches.");
            long id = connection.ExecuteScalar<long>(
                """
                insert into rollout(artifact, state, total, plan, target, created, created_by) values (@Id, @Running, @Length, @Plan, @Target, @Now, @Name) returning id
                """,
                new
                {
                    artifact.Id,
                    RolloutState.Running,
                    devices.Length,
                    Plan = JsonSerializer.Serialize(plan, RelayJson.Options),
                    Target = JsonSerializer.Serialize(request.Target, RelayJson.Options),
                    Now = clock.WallTimeMs,
                    actor.Name,
                });
            connection.Execute(
                "insert into member(rollout, ordinal, device) values (@id, @ordinal, @device)",
                MemberOrder.Sort(id.ToString(CultureInfo.InvariantCulture), devices).Select((device, ordinal) => new { id, ordinal, device }));
            AuditLog.Append(connection, clock, actor.Name, "rollout.create", Subject(id), $"{artifact.Name}@{artifact.Version} to {devices.Length} devices in {plan.Stages.Count} stages");
            return Info(connection, RolloutRow.Get(connection, id));
        });
        OnChanged();
        return info;
    }

    /// <summary>No new orders until it is resumed.</summary>
    public Task<RolloutInfo> PauseAsync(Actor actor, long id) => SteerAsync(actor, id, "rollout.pause", (progress, _) => RolloutEngine.Pause(progress));

    /// <summary>Goes on.</summary>
    public Task<RolloutInfo> ResumeAsync(Actor actor, long id) => SteerAsync(actor, id, "rollout.resume", RolloutEngine.Resume);

    /// <summary>Ends it.</summary>
    public Task<RolloutInfo> AbortAsync(Actor actor, long id) => SteerAsync(actor, id, "rollout.abort", (progress, _) => RolloutEngine.Abort(progress));

    /// <summary>Lets updated devices go back.</summary>
    public Task<RolloutInfo> RollBackAsync(Actor actor, long id) => SteerAsync(actor, id, "rollout.rollback", (progress, _) => RolloutEngine.RollBack(progress));

    /// <summary>Moves all rollouts on by one step.</summary>
    /// <param name="elapsed">What has gone by since the last call.</param>
    /// <returns>Whether there is more to do at once.</returns>
    public async Task<bool> StepAsync(TimeSpan elapsed)
    {
        long[] moving = store.Read(connection => RolloutRow.Moving(connection).Select(row => row.Id).ToArray());
        bool hasMore = false;
        foreach (long id in moving)
            hasMore |= await StepAsync(id, elapsed);
        return hasMore;
    }

    // All devices of a stage are told together, however many writes their orders take, so that they share the chunks.
    private async Task<bool> StepAsync(long id, TimeSpan elapsed)
    {
        var ordered = new List<string>();
        try
        {
            StepResult step;
            do
            {
                step = await store.WriteAsync(connection => Step(connection, id, elapsed));
                ordered.AddRange(step.Ordered);
                elapsed = TimeSpan.Zero;
            }
            while (step.IsFull);
            return step.HasMore;
        }
        finally
        {
            if (ordered.Count > 0)
                OnOrdered(ordered);
        }
    }

    // Orders that go out before a delta is there name the whole model.
    private async Task PrepareDeltasAsync(DeviceQuery target, Artifact artifact)
    {
        byte[][] running = [.. store.Read(connection => DeviceSelection.Select(connection, target, withRevoked: false))
            .Where(device => device.Running is { Length: > 0 }).GroupBy(device => Convert.ToHexString(device.Running!))
            .OrderByDescending(group => group.Count()).Take(DeltaBasesMax).Select(group => group.First().Running!)];
        Task[] making = [.. running.Select(id => registry.Find(id)).Where(original => original is not null && original != artifact).Select(original => deltas.PrepareAsync(original!, artifact))];
        await Task.WhenAny(Task.WhenAll(making), Task.Delay(DeltaWait));
    }

    private StepResult Step(SqliteConnection connection, long id, TimeSpan elapsed)
    {
        RolloutRow row = RolloutRow.Get(connection, id);
        RolloutPlan plan = row.Plan;
        RolloutProgress before = row.Progress;
        RolloutProgress after = RolloutEngine.Judge(plan, before, row.Tally(connection, plan.Reach(before.Stage, (int)row.Total)), row.Tally(connection), elapsed);
        var ordered = new List<string>();
        if (after != before)
            ordered.AddRange(Apply(connection, AuditLog.Relay, row, before, after));
        bool isFull = false;
        if (after.State == RolloutState.Running)
        {
            int given = GiveOrders(connection, row, plan.Reach(after.Stage, (int)row.Total), ordered);
            isFull = given == OrdersPerStepMax;
        }
        return new StepResult(ordered, isFull, after.State != before.State || after.Stage != before.Stage);
    }

    private int GiveOrders(SqliteConnection connection, RolloutRow row, int reach, List<string> ordered)
    {
        int looked = 0;
        Artifact artifact = registry.Find(row.Artifact)!;
        foreach (MemberRow member in MemberRow.In(connection, row.Id, MemberState.Waiting, reach, OrdersPerStepMax).ToArray())
        {
            if (!delays.IsOver(row.Id, member.Device, clock.Elapsed))
                continue;
            looked++;
            if (Orders.Give(connection, member, artifact))
                ordered.Add(member.Device);
        }
        return looked;
    }

    private async Task<RolloutInfo> SteerAsync(Actor actor, long id, string action, Func<RolloutProgress, MemberTally, RolloutProgress> change)
    {
        (RolloutInfo info, List<string> ordered) = await store.WriteAsync(connection =>
        {
            RolloutRow row = RolloutRow.Get(connection, id);
            RolloutProgress after = change(row.Progress, row.Tally(connection));
            AuditLog.Append(connection, clock, actor.Name, action, Subject(id));
            List<string> devices = Apply(connection, actor.Name, row, row.Progress, after);
            return (Info(connection, RolloutRow.Get(connection, id)), devices);
        });
        OnOrdered(ordered);
        OnChanged();
        return info;
    }

    // Gives the devices whose orders have changed.
    private List<string> Apply(SqliteConnection connection, string actor, RolloutRow row, RolloutProgress before, RolloutProgress after)
    {
        connection.Execute(
            "update rollout set state = @State, stage = @Stage, reason = @Reason, soaked_ms = @SoakedMs, accepted_failures = @AcceptedFailures where id = @Id",
            new { after.State, after.Stage, after.Reason, SoakedMs = (long)after.Soaked.TotalMilliseconds, after.AcceptedFailures, row.Id });
        if (after.Stage != before.Stage)
            AuditLog.Append(connection, clock, actor, "rollout.stage", Subject(row.Id), $"stage {after.Stage + 1}");
        if (after.State == before.State)
            return [];
        AuditLog.Append(connection, clock, actor, $"rollout.{JsonNamingPolicy.KebabCaseLower.ConvertName(after.State.ToString())}", Subject(row.Id), after.Reason);
        return after.State is RolloutState.Aborted or RolloutState.RollingBack ? EndMembers(connection, row, after.State) : [];
    }

    private static List<string> EndMembers(SqliteConnection connection, RolloutRow row, RolloutState state)
    {
        var changed = new List<string>();
        foreach (MemberRow member in MemberRow.Of(connection, row.Id).ToArray())
        {
            var before = (MemberState)member.State;
            MemberState after = before == MemberState.Succeeded && member.Orders == 0 && state == RolloutState.RollingBack
                ? MemberState.Cancelled
                : MemberRules.When(before, state, member.CanGoBack);
            if (after == before)
                continue;
            if (before != MemberState.Waiting)
                changed.Add(member.Device);
            if (after == MemberState.RollingBack)
            {
                Orders.GiveBack(connection, member, fromSlot: true);
                continue;
            }
            Orders.Take(connection, member);
            Orders.SetState(connection, member, after, (int)member.Error);
        }
        return changed;
    }

    private RolloutInfo Info(SqliteConnection connection, RolloutRow row) => row.ToInfo(connection, registry.Find(row.Artifact)!);

    private static string Subject(long id) => string.Create(CultureInfo.InvariantCulture, $"rollout/{id}");

    /// <param name="Ordered">Devices that have new orders.</param>
    /// <param name="IsFull">Whether there may be more orders to give.</param>
    /// <param name="HasMore">Whether the rollout has moved on.</param>
    private sealed record StepResult(IReadOnlyList<string> Ordered, bool IsFull, bool HasMore);
}
