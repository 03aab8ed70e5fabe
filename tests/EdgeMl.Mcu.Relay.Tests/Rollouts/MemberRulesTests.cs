using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Messages;
using EdgeMl.Mcu.Relay.Rollouts;

namespace EdgeMl.Mcu.Relay.Tests.Rollouts;

public class MemberRulesTests
{
    private static readonly byte[] Ordered = [1, 2, 3];
    private static readonly byte[] Other = [9];

    [Theory]
    [InlineData(DeviceState.Confirmed)]
    [InlineData(DeviceState.Idle)]
    public void A_device_that_runs_what_was_ordered_has_succeeded_whatever_attempt_it_names(DeviceState state) =>
        Assert.Equal(OrderOutcome.Succeeded, MemberRules.OutcomeOf(7, Ordered, Status(3, state, AgentError.None, Ordered)));

    [Fact]
    public void A_trial_is_no_success() => Assert.Equal(OrderOutcome.Open, MemberRules.OutcomeOf(7, Ordered, Status(7, DeviceState.Trial, AgentError.None, Ordered)));

    [Fact]
    public void A_failure_of_a_former_attempt_says_nothing_about_this_one() =>
        Assert.Equal(OrderOutcome.Open, MemberRules.OutcomeOf(7, Ordered, Status(6, DeviceState.Failed, AgentError.SelfTest, Other)));

    [Theory]
    [InlineData(AgentError.SelfTest)]
    [InlineData(AgentError.Signature)]
    [InlineData(AgentError.Epoch)]
    [InlineData(AgentError.SlotTooSmall)]
    public void What_another_attempt_would_not_mend_is_a_failure_for_good(AgentError error) =>
        Assert.Equal(OrderOutcome.Failed, MemberRules.OutcomeOf(7, Ordered, Status(7, DeviceState.Failed, error, Other)));

    [Theory]
    [InlineData(AgentError.Timeout)]
    [InlineData(AgentError.BatteryLow)]
    [InlineData(AgentError.StorageFull)]
    public void What_another_attempt_may_mend_is_a_failure_for_now(AgentError error) =>
        Assert.Equal(OrderOutcome.FailedForNow, MemberRules.OutcomeOf(7, Ordered, Status(7, DeviceState.Refused, error, Other)));

    [Fact]
    public void An_outcome_changes_a_member_once()
    {
        foreach (MemberState ended in new[] { MemberState.Succeeded, MemberState.Failed, MemberState.Superseded, MemberState.Cancelled, MemberState.RolledBack, MemberState.RollbackFailed })
        {
            foreach (OrderOutcome outcome in Enum.GetValues<OrderOutcome>())
                Assert.Equal(ended, MemberRules.After(ended, outcome, mayRetry: true));
        }
    }

    private static DeviceStatus Status(long attempt, DeviceState state, AgentError error, byte[] running) => new()
    {
        Nonce = [],
        Challenge = [],
        Seq = 1,
        Attempt = attempt,
        State = state,
        Error = (int)error,
        Running = running,
        Epoch = 0,
        KeyGeneration = 0,
        Progress = 0,
        FreeMemory = 0,
    };
}
