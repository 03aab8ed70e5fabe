using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Bench.Devices;
using EdgeMl.Mcu.Bench.Flash;

namespace EdgeMl.Mcu.Agent.Tests.Devices;

/// <summary>The whole agent with a real signed update, its power cut at every storage operation, in every variant of what survives.</summary>
public class PowerCutTests(ITestOutputHelper log)
{
    private const long StepsMax = 100_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_update_survives_every_pair_of_cuts(bool isDelta) => Check(TestModel.First, TestModel.Second, isDelta, cuts: 2);

    [Fact]
    public void An_update_of_many_chunks_survives_a_cut_at_every_storage_operation() => Check(TestModel.Second, TestModel.Large, isDelta: false, cuts: 1);

    private void Check(TestModel before, TestModel wanted, bool isDelta, int cuts)
    {
        var memory = new FileMemory();
        FlashImage start = memory.Run(memory.Blank, store => Run(store, [], before, null, new Announcements()));
        (TestModel, byte[])? delta = isDelta ? (before, wanted.DeltaFrom(before)) : null;

        PowerCutReport report = new PowerCutSimulator(memory, (store, announced) => Run(store, [before, wanted], wanted, delta, announced)).Run(start, cuts);

        log.WriteLine(report.ToString());
        Assert.Empty(report.Failures);
        Assert.True(report.Operations > 2 * (wanted.Stored.Length / 256), report.ToString());
    }

    /// <summary>Starts a device and lets it come to a model.</summary>
    /// <param name="store">Its flash.</param>
    /// <param name="known">One of these runs from the first moment on.</param>
    /// <param name="wanted">What the relay orders.</param>
    /// <param name="delta">What it offers to get there.</param>
    /// <param name="announced">Whether the relay has heard that the wanted model is confirmed.</param>
    private static void Run(FileStore store, TestModel[] known, TestModel wanted, (TestModel Base, byte[] Delta)? delta, Announcements announced)
    {
        var settings = new AgentSettings { Fleet = TestRelay.Fleet, Device = "line-1", DeviceKey = DeviceWorld.DeviceKey, PublisherKey = TestModel.Key.HssPublicKey(), SlotBytes = 64 * 1024 };
        var link = new DirectLink();
        var time = new ManualTime();
        var agent = new DeviceAgent(settings, link, store, new VirtualClock(time), new VirtualRandom(1), new VirtualBoard(), null);
        Assert.Equal(0, Allowed(agent.Boot()));
        Assert.True(known.Length == 0 || known.Any(model => Runs(agent, model)), "neither the old nor the new model runs");
        Assert.True(announced[0] == 0 || Runs(agent, wanted), "the model that was reported as confirmed does not run");
        var relay = new TestRelay("line-1", DeviceWorld.DeviceKey, link.Deliver, attempt: Math.Max(agent.Journal.Attempt, agent.Journal.RefusedAttempt));
        relay.Order(new TestOrder(wanted) { Delta = delta, IsRetried = true });
        for (long step = 0; !Runs(agent, wanted) || agent.Journal.Outcome != Outcome.None; step++)
        {
            Assert.True(step < StepsMax, $"state {agent.State}, error {agent.LastError}");
            int wait = agent.Step();
            if (wait > 0 && link.Uplink.Count == 0)
                time.Advance(wait);
            while (link.Uplink.TryDequeue(out (string Topic, byte[] Payload) message))
                relay.Receive(message.Topic, message.Payload);
            if (relay.Outcomes.TryGetValue(relay.Attempt, out TestStatus? outcome) && outcome.State == 6)
                announced[0] = 1;
        }
    }

    /// <summary>A trial that the cut ended is no failure of the start.</summary>
    private static int Allowed(int error) => error == (int)AgentError.TrialInterrupted ? 0 : error;

    private static bool Runs(DeviceAgent agent, TestModel model) =>
        agent.Interpreter is not null && agent.Running != Slot.None && agent.Journal.Holds(agent.Running, model.Id, 0);
}
