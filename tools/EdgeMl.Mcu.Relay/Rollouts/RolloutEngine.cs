using EdgeMl.Mcu.Relay.Client;

namespace EdgeMl.Mcu.Relay.Rollouts;

/// <summary>The state machine of rollouts, as functions without effects.</summary>
/// <remarks>
/// Time enters only as what has gone by on a clock that goes evenly, so no jump of the calendar clock moves a rollout. A stage is judged by the members that it
/// reaches; what a later rollout has taken over does not count.
/// </remarks>
internal static class RolloutEngine
{
    /// <summary>Judges a rollout.</summary>
    /// <param name="plan">Its plan.</param>
    /// <param name="progress">Where it stands.</param>
    /// <param name="stage">The members that the present stage reaches.</param>
    /// <param name="all">All members.</param>
    /// <param name="elapsed">What has gone by since it was judged last.</param>
    /// <returns>Where it stands now; the same object if nothing has changed. It moves by one stage at most.</returns>
    public static RolloutProgress Judge(RolloutPlan plan, RolloutProgress progress, MemberTally stage, MemberTally all, TimeSpan elapsed) => progress.State switch
    {
        RolloutState.Running => JudgeRunning(plan, progress, stage, all, elapsed),
        RolloutState.RollingBack when all[MemberState.RollingBack] == 0 => progress with { State = RolloutState.RolledBack },
        _ => progress,
    };

    /// <summary>No new orders until <see cref="Resume"/>.</summary>
    /// <exception cref="RelayException"><see cref="RelayErrorCodes.Conflict"/>: it is not running.</exception>
    public static RolloutProgress Pause(RolloutProgress progress)
    {
        Require(progress.State == RolloutState.Running, progress, "paused");
        return progress with { State = RolloutState.Paused, Reason = "paused by an operator" };
    }

    /// <summary>Goes on; failures so far do not trip the gate again.</summary>
    /// <exception cref="RelayException"><see cref="RelayErrorCodes.Conflict"/>: it is not paused.</exception>
    public static RolloutProgress Resume(RolloutProgress progress, MemberTally all)
    {
        Require(progress.State == RolloutState.Paused, progress, "resumed");
        return progress with { State = RolloutState.Running, AcceptedFailures = all[MemberState.Failed], Soaked = TimeSpan.Zero, Reason = string.Empty };
    }

    /// <summary>Ends it; members that have not ended are cancelled.</summary>
    /// <exception cref="RelayException"><see cref="RelayErrorCodes.Conflict"/>: it has ended or rolls back.</exception>
    public static RolloutProgress Abort(RolloutProgress progress)
    {
        Require(progress.State is RolloutState.Running or RolloutState.Paused, progress, "aborted");
        return progress with { State = RolloutState.Aborted, Reason = "aborted by an operator" };
    }

    /// <summary>Lets its updated devices go back. A completed or aborted rollout can be rolled back too.</summary>
    /// <exception cref="RelayException"><see cref="RelayErrorCodes.Conflict"/>: it rolls back already.</exception>
    public static RolloutProgress RollBack(RolloutProgress progress)
    {
        Require(progress.State is not (RolloutState.RollingBack or RolloutState.RolledBack), progress, "rolled back");
        return progress with { State = RolloutState.RollingBack, Reason = "rolled back by an operator" };
    }

    private static RolloutProgress JudgeRunning(RolloutPlan plan, RolloutProgress progress, MemberTally stage, MemberTally all, TimeSpan elapsed)
    {
        RolloutGates gates = plan.Gates;
        int failed = stage[MemberState.Failed] - Math.Min(progress.AcceptedFailures, stage[MemberState.Failed]);
        int succeeded = stage[MemberState.Succeeded];
        if (failed >= gates.FailureMinimum && failed * 100.0 > gates.FailurePercent * (failed + succeeded))
            return progress with { State = StateAfter(gates.OnFailure), Reason = $"{failed} of {failed + succeeded} devices failed; the limit is {gates.FailurePercent:0.##} %" };
        bool isLast = progress.Stage == plan.Stages.Count - 1;
        int judged = stage.Considered - Math.Min(progress.AcceptedFailures, stage[MemberState.Failed]);
        bool holds = succeeded * 100.0 >= gates.SuccessPercent * judged;
        if (holds || (isLast && all.Open == 0))
        {
            TimeSpan soaked = progress.Soaked + elapsed;
            if (soaked < TimeSpan.FromSeconds(gates.SoakSeconds))
                return elapsed == TimeSpan.Zero ? progress : progress with { Soaked = soaked };
            if (!isLast)
                return progress with { Stage = progress.Stage + 1, Soaked = TimeSpan.Zero };
            return all.Open == 0 ? progress with { State = RolloutState.Completed, Soaked = soaked, Reason = string.Empty } : progress;
        }
        if (stage.Open == 0)
            return progress with { State = RolloutState.Paused, Reason = $"{succeeded} of {judged} devices succeeded; the gate is {gates.SuccessPercent:0.##} %" };
        return progress.Soaked == TimeSpan.Zero ? progress : progress with { Soaked = TimeSpan.Zero };
    }

    private static RolloutState StateAfter(FailureAction action) => action switch
    {
        FailureAction.Rollback => RolloutState.RollingBack,
        FailureAction.Pause => RolloutState.Paused,
        _ => RolloutState.Aborted,
    };

    private static void Require(bool isAllowed, RolloutProgress progress, string what)
    {
        if (!isAllowed)
            throw new RelayException(RelayErrorCodes.Conflict, $"A rollout that is {Words(progress.State)} cannot be {what}.", "Look at its state first (`edgeml ota status`).", 409);
    }

    private static string Words(RolloutState state) => state switch
    {
        RolloutState.RollingBack => "rolling back",
        RolloutState.RolledBack => "rolled back",
        _ => state.ToString().ToLowerInvariant(),
    };
}
