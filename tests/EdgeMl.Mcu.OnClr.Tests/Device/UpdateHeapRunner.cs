using System;
using System.Diagnostics;
using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Agent.Updates;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Packed;
using EdgeMl.Mcu.Runtime.Typed;

namespace EdgeMl.Mcu.OnClr;

/// <summary>
/// Two whole updates of an agent with default settings, from hello to the confirmed model: the first one fetches its model, the second one a delta against it. The
/// live bytes of the heap are measured at each call of a port. <c>Payload</c> holds the keys of publisher and messages, and then for each update manifest blob and
/// its id, model and its id, delta and its id, and the order.
/// </summary>
public static class UpdateHeapRunner
{
    private const int Updates = 2;
    private const int StepsMax = 2000;
    private const int ChunkBytes = 1024;
    private const int BlobsPerUpdate = 3;
    private const int PayloadsPerUpdate = BlobsPerUpdate + 1;

    // Time, attempt, manifest; the second order has a delta as well.
    private const int OrderPairs = 3;

    private static readonly byte[][] Orders = new byte[Updates][];

    // What is measured must not be garbage before it is.
    private static Interpreter _interpreter;
    private static DeviceAgent _agent;
    private static RelayLink _link;
    private static SteppedClock _clock;

    /// <summary>Entry point of the program.</summary>
    public static void Main()
    {
        PackedKernels.Install();
        TypedKernels.Install();
        byte[] model = Payload.File(2);
        var settings = new AgentSettings { Fleet = "f", Device = "d", Board = "b", Firmware = "1", DeviceKey = new byte[32], PublisherKey = Payload.File(0) };
        _link = new RelayLink(new DeviceTopics("f", "d"), Payload.Samples(0), ChunkBytes);
        _clock = new SteppedClock();
        var store = new ArrayStore(model.Length);
        var random = new CountingRandom();
        var health = new MainsHealth();
        uint loaded = LoadedBytes(model);
        model = null;
        Prepare(0);
        Prepare(1);

        UpdateHeap.SetBaseline();
        _agent = new DeviceAgent(settings, _link, store, _clock, random, health, null);
        uint built = UpdateHeap.Sample();
        int boot = _agent.Boot();
        Debug.WriteLine("boot: " + boot.ToString());
        Debug.WriteLine("loaded: " + loaded.ToString());
        Debug.WriteLine("built: " + built.ToString());
        // Here and not in a method of its own: its frame would be measured.
        for (int update = 0; update < Updates; update++)
        {
            UpdateHeap.Restart();
            _link.Order(Orders[update], OrderPairs + update);
            UpdateState state = UpdateState.Idle;
            int steps = 0;
            while (steps < StepsMax && (_agent.Journal.OutcomeAttempt != update + 1 || state < UpdateState.Confirmed))
            {
                int wait = _agent.Step();
                if (_agent.State != state)
                {
                    Print(update, "peak " + ((int)state).ToString() + ": " + UpdateHeap.Peak.ToString());
                    UpdateHeap.Restart();
                    state = _agent.State;
                }
                _link.Deliver();
                _clock.Advance(wait < 1 ? 1 : wait > 1000 ? 1000 : wait);
                steps++;
            }
            Print(update, "state: " + ((int)state).ToString() + " " + _agent.LastError.ToString());
            Print(update, "after: " + UpdateHeap.Sample().ToString());
        }
        Debug.WriteLine("end");
    }

    private static void Print(int update, string text)
    {
        Debug.WriteLine((update + 1).ToString() + " " + text);
    }

    /// <summary>Takes what an update needs, so that nothing but the agent's memory changes when it runs.</summary>
    private static void Prepare(int update)
    {
        int first = 1 + (update * PayloadsPerUpdate);
        for (int i = 0; i < BlobsPerUpdate; i++)
            _link.Serve((update * BlobsPerUpdate) + i, Payload.Samples(first + i), Payload.File(first + i));
        Orders[update] = Payload.File(first + BlobsPerUpdate);
    }

    /// <summary>Bytes of a model in RAM, its file included.</summary>
    private static uint LoadedBytes(byte[] model)
    {
        UpdateHeap.SetBaseline();
        _interpreter = new Interpreter(Model.Load(model));
        _interpreter.SelfTest();
        uint bytes = UpdateHeap.Sample() + (uint)model.Length;
        _interpreter = null;
        return bytes;
    }
}
