using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Rollouts;

namespace EdgeMl.Mcu.Relay.Tests.Rollouts;

public class RolloutEngineTests
{
    private static readonly RolloutPlan Plan = RolloutPlan.From(new RolloutRequest
    {
        Artifact = "a@1",
        Stages = [new RolloutStage { Percent = 10 }, new RolloutStage { Count = 50 }],
        Gates = new RolloutGates { SuccessPercent = 80, FailurePercent = 20, FailureMinimum = 2, SoakSeconds = 10 },
    });

    [Fact]
    public void The_last_stage_reaches_all_devices_though_nobody_said_so() => Assert.Equal([10, 50, 100], new[] { 0, 1, 2 }.Select(stage => Plan.Reach(stage, 100)));

    [Fact]
    public void A_percentage_reaches_whole_devices_rounded_up()
    {
        Assert.Equal(1, Plan.Reach(0, 3));
        Assert.Equal(2, Plan.Reach(0, 20));
        Assert.Equal(3, Plan.Reach(0, 21));
    }

    [Fact]
    public void The_next_stage_begins_when_the_success_gate_has_held_for_the_soak_time()
    {
        MemberTally stage = Tally(waiting: 1, succeeded: 4);
        RolloutProgress progress = Judge(RolloutProgress.Initial, stage, seconds: 6);
        Assert.Equal((0, 6), (progress.Stage, progress.Soaked.TotalSeconds));

        progress = Judge(progress, stage, seconds: 4);

        Assert.Equal((1, 0), (progress.Stage, progress.Soaked.TotalSeconds));
    }

    [Fact]
    public void Soaking_begins_anew_when_the_success_gate_no_longer_holds()
    {
        RolloutProgress soaked = Judge(RolloutProgress.Initial, Tally(succeeded: 4, waiting: 1), seconds: 6);

        RolloutProgress progress = Judge(soaked, Tally(succeeded: 3, waiting: 2), seconds: 6);

        Assert.Equal(TimeSpan.Zero, progress.Soaked);
    }

    [Theory]
    [InlineData(FailureAction.Rollback, RolloutState.RollingBack)]
    [InlineData(FailureAction.Pause, RolloutState.Paused)]
    [InlineData(FailureAction.Abort, RolloutState.Aborted)]
    public void More_failures_than_allowed_stop_it_as_the_gate_says(FailureAction action, RolloutState expected)
    {
        RolloutPlan plan = Plan with { Gates = Plan.Gates with { OnFailure = action } };
        MemberTally tally = Tally(waiting: 5, succeeded: 3, failed: 2);

        RolloutProgress progress = RolloutEngine.Judge(plan, RolloutProgress.Initial, tally, tally, TimeSpan.Zero);

        Assert.Equal(expected, progress.State);
        Assert.Contains("2 of 5", progress.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Failures_below_the_minimum_do_not_stop_it() =>
        Assert.Equal(RolloutState.Running, Judge(RolloutProgress.Initial, Tally(waiting: 9, failed: 1)).State);

    [Fact]
    public void A_stage_that_has_ended_without_enough_success_waits_for_an_operator() =>
        Assert.Equal(RolloutState.Paused, RolloutEngine.Judge(
            Plan with { Gates = Plan.Gates with { FailurePercent = 100 } }, RolloutProgress.Initial, Tally(succeeded: 7, failed: 3), Tally(succeeded: 7, failed: 3, waiting: 90), TimeSpan.Zero).State);

    [Fact]
    public void Failures_that_an_operator_went_on_from_do_not_trip_the_gate_again()
    {
        MemberTally tally = Tally(waiting: 5, succeeded: 3, failed: 2);
        RolloutPlan plan = Plan with { Gates = Plan.Gates with { OnFailure = FailureAction.Pause } };
        RolloutProgress paused = RolloutEngine.Judge(plan, RolloutProgress.Initial, tally, tally, TimeSpan.Zero);

        RolloutProgress resumed = RolloutEngine.Resume(paused, tally);

        Assert.Equal(RolloutState.Running, RolloutEngine.Judge(plan, resumed, tally, tally, TimeSpan.Zero).State);
    }

    [Fact]
    public void What_a_later_rollout_took_over_counts_neither_way()
    {
        MemberTally stage = new([(MemberState.Succeeded, 4), (MemberState.Superseded, 90), (MemberState.Cancelled, 6)]);

        Assert.Equal(1, Judge(RolloutProgress.Initial, stage, seconds: 10).Stage);
    }

    [Fact]
    public void A_rollout_that_has_ended_takes_no_orders_but_a_rollback()
    {
        RolloutProgress ended = RolloutProgress.Initial with { State = RolloutState.Completed };

        Assert.Equal(RelayErrorCodes.Conflict, Assert.Throws<RelayException>(() => RolloutEngine.Pause(ended)).Code);
        Assert.Equal(RelayErrorCodes.Conflict, Assert.Throws<RelayException>(() => RolloutEngine.Abort(ended)).Code);
        Assert.Equal(RelayErrorCodes.Conflict, Assert.Throws<RelayException>(() => RolloutEngine.Resume(ended, Tally())).Code);
        Assert.Equal(RolloutState.RollingBack, RolloutEngine.RollBack(ended).State);
    }

    [Theory]
    [InlineData(-1.0, null)]
    [InlineData(0.0, null)]
    [InlineData(101.0, null)]
    [InlineData(double.NaN, null)]
    [InlineData(null, 0)]
    [InlineData(null, null)]
    [InlineData(10.0, 10)]
    public void A_stage_out_of_its_range_is_refused(double? percent, int? count) => Assert.Equal(
        RelayErrorCodes.BadRequest,
        Assert.Throws<RelayException>(() => RolloutPlan.From(new RolloutRequest { Artifact = "a", Stages = [new RolloutStage { Percent = percent, Count = count }] })).Code);

    [Fact]
    public void A_stage_that_does_not_reach_further_is_refused() => Assert.Throws<RelayException>(() =>
        RolloutPlan.From(new RolloutRequest { Artifact = "a", Stages = [new RolloutStage { Percent = 50 }, new RolloutStage { Percent = 50 }] }));

    private static RolloutProgress Judge(RolloutProgress progress, MemberTally tally, double seconds = 0) =>
        RolloutEngine.Judge(Plan, progress, tally, tally, TimeSpan.FromSeconds(seconds));

    private static MemberTally Tally(int waiting = 0, int succeeded = 0, int failed = 0) =>
        new([(MemberState.Waiting, waiting), (MemberState.Succeeded, succeeded), (MemberState.Failed, failed)]);
}
