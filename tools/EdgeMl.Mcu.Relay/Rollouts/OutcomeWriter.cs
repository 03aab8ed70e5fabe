using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Relay.Audit;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Fleet;
using EdgeMl.Mcu.Relay.Messages;
using EdgeMl.Mcu.Relay.Registry;
using EdgeMl.Mcu.Relay.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeMl.Mcu.Relay.Rollouts;

/// <summary>Carries the outcome of an order from a device's status into its rollout.</summary>
internal sealed class OutcomeWriter(ArtifactRegistry registry, RetryDelays delays, RelayClock clock)
{
    private const int RollbackRetries = 5;

    /// <summary>Looks at a fresh status of a device that has an order.</summary>
    /// <param name="connection">Within a write.</param>
    /// <param name="device">The device.</param>
    /// <param name="rollout">The rollout of its order.</param>
    /// <param name="attempt">The number of its order.</param>
    /// <param name="manifest">What was ordered.</param>
    /// <param name="isRollback">Whether it was to come from the other slot.</param>
    /// <param name="status">What the device says.</param>
    /// <returns>What became of the order, and whether the device has another one now.</returns>
    public (OrderOutcome Outcome, bool HasNewOrder) Write(
        SqliteConnection connection, string device, long rollout, long attempt, byte[] manifest, bool isRollback, DeviceStatus status)
    {
        OrderOutcome outcome = MemberRules.OutcomeOf(attempt, manifest, status);
        if (outcome == OrderOutcome.Open || MemberRow.Find(connection, rollout, device) is not { } member)
            return (outcome, false);
        var before = (MemberState)member.State;
        bool isGoingBack = before == MemberState.RollingBack;
        int retries = isGoingBack ? RollbackRetries : RolloutRow.Get(connection, rollout).Plan.Retries;
        // What the other slot does not hold can be downloaded, if the registry has it.
        bool fromSlot = isGoingBack && isRollback && (AgentError)status.Error != AgentError.NoOtherSlot;
        bool mayRetry = member.Orders <= retries && (!isGoingBack || fromSlot || registry.Find(manifest) is not null);
        MemberState after = MemberRules.After(before, outcome, mayRetry);
        if (after == MemberState.RollingBack)
        {
            Orders.GiveBack(connection, member, fromSlot);
            return (outcome, true);
        }
        Orders.Take(connection, member);
        Orders.SetState(connection, member, after, outcome == OrderOutcome.Succeeded ? 0 : status.Error);
        if (after == MemberState.Waiting)
            delays.Set(rollout, device, (int)member.Orders, clock.Elapsed);
        if (after is MemberState.Failed or MemberState.RollbackFailed)
            AuditLog.Append(connection, clock, AuditLog.Relay, "rollout.device-failed", $"rollout/{rollout}", $"{device}: {DeviceRow.ErrorName(status.Error)} ({status.Error}), attempt {attempt}");
        return (outcome, false);
    }
}
