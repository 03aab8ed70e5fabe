using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Messages;

namespace EdgeMl.Mcu.Relay.Rollouts;

/// <summary>What a device's status means for its order, and what a rollout's change of state means for its members; functions without effects.</summary>
internal static class MemberRules
{
    /// <summary>The outcome of an order.</summary>
    /// <param name="attempt">Number of the order.</param>
    /// <param name="manifest">What was ordered.</param>
    /// <param name="status">What the device says.</param>
    public static OrderOutcome OutcomeOf(long attempt, ReadOnlySpan<byte> manifest, DeviceStatus status)
    {
        bool runsIt = status.Running.AsSpan().SequenceEqual(manifest);
        if (status.State is DeviceState.Idle or DeviceState.Confirmed && runsIt)
            return OrderOutcome.Succeeded;
        if (status.Attempt != attempt || status.State is not (DeviceState.Failed or DeviceState.Refused))
            return OrderOutcome.Open;
        return MayHealByItself((AgentError)status.Error) ? OrderOutcome.FailedForNow : OrderOutcome.Failed;
    }

    /// <summary>The state of a member whose order had an outcome.</summary>
    /// <param name="state">Its state before.</param>
    /// <param name="outcome">The outcome.</param>
    /// <param name="mayRetry">Whether it may be ordered again.</param>
    public static MemberState After(MemberState state, OrderOutcome outcome, bool mayRetry) => (state, outcome) switch
    {
        (MemberState.Ordered, OrderOutcome.Succeeded) => MemberState.Succeeded,
        (MemberState.Ordered, OrderOutcome.Failed) => MemberState.Failed,
        (MemberState.Ordered, OrderOutcome.FailedForNow) => mayRetry ? MemberState.Waiting : MemberState.Failed,
        (MemberState.RollingBack, OrderOutcome.Succeeded) => MemberState.RolledBack,
        (MemberState.RollingBack, OrderOutcome.Failed) => MemberState.RollbackFailed,
        (MemberState.RollingBack, OrderOutcome.FailedForNow) => mayRetry ? MemberState.RollingBack : MemberState.RollbackFailed,
        _ => state,
    };

    /// <summary>The state of a member when its rollout ends or begins to go back.</summary>
    /// <param name="state">Its state before.</param>
    /// <param name="rollout">The rollout's new state.</param>
    /// <param name="canGoBack">Whether it had an order, and what it ran before is known.</param>
    public static MemberState When(MemberState state, RolloutState rollout, bool canGoBack) => (rollout, state) switch
    {
        (RolloutState.Aborted or RolloutState.RollingBack, MemberState.Waiting) => MemberState.Cancelled,
        (RolloutState.Aborted, MemberState.Ordered) => MemberState.Cancelled,
        (RolloutState.RollingBack, MemberState.Ordered) => canGoBack ? MemberState.RollingBack : MemberState.Cancelled,
        (RolloutState.RollingBack, MemberState.Succeeded) => canGoBack ? MemberState.RollingBack : MemberState.RollbackFailed,
        _ => state,
    };

    private static bool MayHealByItself(AgentError error) => error is
        AgentError.ChunkHash or AgentError.Timeout or AgentError.ManifestId or AgentError.TrialInterrupted or AgentError.Storage or AgentError.StorageFull
        or AgentError.OutOfMemory or AgentError.BatteryLow or AgentError.Superseded or AgentError.NoOtherSlot;
}
