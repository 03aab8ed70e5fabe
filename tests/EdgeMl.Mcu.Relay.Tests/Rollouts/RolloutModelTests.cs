using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Relay.Messages;
using EdgeMl.Mcu.Relay.Rollouts;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Relay.Tests.Rollouts;

/// <summary>Random rollouts, moved by the functions that move real ones, with random devices and operators.</summary>
public class RolloutModelTests
{
    private static readonly byte[] Artifact = [1];

    private static Gen<RolloutStage> Stage => Gen.OneOf(
        Gen.Choose(1, 1000).Select(tenths => new RolloutStage { Percent = tenths / 10.0 }),
        Gen.Choose(1, 40).Select(count => new RolloutStage { Count = count }));

    private static Gen<RolloutPlan> Plan =>
        from stages in Stage.ListOf()
        from success in Gen.Choose(0, 100)
        from failure in Gen.Choose(0, 100)
        from minimum in Gen.Choose(1, 5)
        from soak in Gen.Choose(0, 30)
        from action in Gen.Elements(Enum.GetValues<FailureAction>())
        from retries in Gen.Choose(0, 2)
        select new RolloutPlan
        {
            Stages = [.. stages.Take(6), new RolloutStage { Percent = 100 }],
            Gates = new RolloutGates { SuccessPercent = success, FailurePercent = failure, FailureMinimum = minimum, SoakSeconds = soak, OnFailure = action },
            Retries = retries,
        };

    private static Gen<(RolloutPlan Plan, int Devices, int Seed)> Case =>
        from plan in Plan
        from devices in Gen.Choose(1, 60)
        from seed in Gen.Choose(0, int.MaxValue)
        select (plan, devices, seed);

    [Fact]
    public void A_stage_never_shrinks_and_no_device_beyond_it_has_an_order() => Check.QuickThrowOnFailure(Prop.ForAll(Case.ToArbitrary(), input =>
    {
        var run = new Simulation(input.Plan, input.Devices, input.Seed);
        int reach = 0;
        for (int step = 0; step < 200; step++)
        {
            run.Step();
            int now = run.Reach;
            if (now < reach || run.Members.Skip(now).Any(state => state is MemberState.Ordered or MemberState.Succeeded or MemberState.Failed))
                return false;
            reach = now;
        }
        return true;
    }));

    [Fact]
    public void Nobody_gets_an_order_while_it_is_paused_or_after_its_end() => Check.QuickThrowOnFailure(Prop.ForAll(Case.ToArbitrary(), input =>
    {
        var run = new Simulation(input.Plan, input.Devices, input.Seed);
        for (int step = 0; step < 200; step++)
        {
            run.Step();
            if (run.Progress.State != RolloutState.Running && run.OrdersInStep > 0)
                return false;
        }
        return true;
    }));

    [Fact]
    public void A_failure_gate_that_trips_is_obeyed_at_once() => Check.QuickThrowOnFailure(Prop.ForAll(Case.ToArbitrary(), input =>
    {
        var run = new Simulation(input.Plan, input.Devices, input.Seed);
        for (int step = 0; step < 200 && run.Progress.State == RolloutState.Running; step++)
        {
            run.Step(withOperator: false);
            int failed = run.Members.Take(run.Reach).Count(state => state == MemberState.Failed);
            int succeeded = run.Members.Take(run.Reach).Count(state => state == MemberState.Succeeded);
            bool isTripped = failed >= input.Plan.Gates.FailureMinimum && failed * 100.0 > input.Plan.Gates.FailurePercent * (failed + succeeded);
            if (isTripped && run.Progress.State == RolloutState.Running)
                return false;
        }
        return true;
    }));

    [Fact]
    public void It_ends_when_every_device_answers_and_the_operator_goes_on() => Check.QuickThrowOnFailure(Prop.ForAll(Case.ToArbitrary(), input =>
    {
        var run = new Simulation(input.Plan, input.Devices, input.Seed);
        for (int step = 0; step < 5_000 && !run.Progress.HasEnded; step++)
            run.Step(withOperator: false, resume: true);
        bool hasOpen = run.Members.Any(state => state is MemberState.Waiting or MemberState.Ordered or MemberState.RollingBack);
        return run.Progress.HasEnded && !hasOpen;
    }));

    private sealed class Simulation
    {
        private readonly RolloutPlan _plan;
        private readonly Random _random;
        private readonly int[] _orders;

        public Simulation(RolloutPlan plan, int devices, int seed)
        {
            _plan = plan;
            _random = new Random(seed);
            Members = new MemberState[devices];
            _orders = new int[devices];
        }

        public MemberState[] Members { get; }

        public RolloutProgress Progress { get; private set; } = RolloutProgress.Initial;

        public int OrdersInStep { get; private set; }

        public int Reach => _plan.Reach(Progress.Stage, Members.Length);

        public void Step(bool withOperator = true, bool resume = false)
        {
            OrdersInStep = 0;
            for (int device = 0; device < Members.Length; device++)
            {
                if (Members[device] is MemberState.Ordered or MemberState.RollingBack && _random.Next(2) == 0)
                    Answer(device);
            }
            if (withOperator && _random.Next(20) == 0)
                Steer();
            if (resume && Progress.State == RolloutState.Paused)
                Apply(RolloutEngine.Resume(Progress, Tally(Members.Length)));
            Apply(RolloutEngine.Judge(_plan, Progress, Tally(Reach), Tally(Members.Length), TimeSpan.FromSeconds(_random.Next(20))));
            if (Progress.State == RolloutState.Running)
                GiveOrders();
        }

        private MemberTally Tally(int below) => new(Members.Take(below).Select(state => (state, 1)));

        private void Answer(int device)
        {
            (DeviceState state, AgentError error) = _random.Next(6) switch
            {
                0 => (DeviceState.Failed, AgentError.SelfTest),
                1 => (DeviceState.Refused, AgentError.Epoch),
                2 => (DeviceState.Failed, AgentError.Timeout),
                3 => (DeviceState.FetchingModel, AgentError.None),
                _ => (DeviceState.Confirmed, AgentError.None),
            };
            OrderOutcome outcome = MemberRules.OutcomeOf(_orders[device], Artifact, Status(_orders[device], state, error));
            Members[device] = MemberRules.After(Members[device], outcome, _orders[device] <= _plan.Retries);
        }

        private static DeviceStatus Status(long attempt, DeviceState state, AgentError error) => new()
        {
            Nonce = [],
            Challenge = [],
            Seq = 1,
            Attempt = attempt,
            State = state,
            Error = (int)error,
            Running = state == DeviceState.Confirmed ? Artifact : [],
            Epoch = 0,
            KeyGeneration = 0,
            Progress = 0,
            FreeMemory = 0,
        };

        private void Steer()
        {
            try
            {
                Apply(_random.Next(4) switch
                {
                    0 => RolloutEngine.Pause(Progress),
                    1 => RolloutEngine.Resume(Progress, Tally(Members.Length)),
                    2 => RolloutEngine.Abort(Progress),
                    _ => RolloutEngine.RollBack(Progress),
                });
            }
            catch (RelayException exception)
            {
                Assert.Equal(RelayErrorCodes.Conflict, exception.Code);
            }
        }

        private void Apply(RolloutProgress after)
        {
            bool hasTurned = after.State != Progress.State;
            Progress = after;
            for (int device = 0; hasTurned && device < Members.Length; device++)
            {
                MemberState before = Members[device];
                Members[device] = MemberRules.When(before, after.State, canGoBack: _orders[device] > 0);
                if (Members[device] == MemberState.RollingBack && before != MemberState.RollingBack)
                    _orders[device]++;
            }
        }

        private void GiveOrders()
        {
            for (int device = 0; device < Reach; device++)
            {
                if (Members[device] != MemberState.Waiting)
                    continue;
                Members[device] = MemberState.Ordered;
                _orders[device]++;
                OrdersInStep++;
            }
        }
    }
}
