using System;
using System.Diagnostics;
using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Agent.Updates;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.OnClr;

/// <summary>
/// One whole update of an agent, from hello to the confirmed model, with the live bytes of the heap measured at each call of a port. <c>Payload</c> holds the
/// manifest blob and the model, the publisher's key and the order, the message key and the manifest's id, and the bytes of the agent's inbox and hashes.
/// </summary>
public static class UpdateHeapRunner
{
    private const int StepsMax = 2000;
    private const int ChunkBytes = 1024;

    // What is measured must not be garbage before it is.
    private static Interpreter _interpreter;
    private static DeviceAgent _agent;

    /// <summary>Entry point of the program.</summary>
    public static void Main()
    {
        byte[] model = Payload.Samples(0);
        var settings = new AgentSettings { Fleet = "f", Device = "d", Board = "b", Firmware = "1", DeviceKey = new byte[32], PublisherKey = Payload.File(1), SlotBytes = model.Length };
        settings.InboxBytes = BitConverter.ToUInt16(Payload.File(3), 0);
        settings.OrderHashBytes = BitConverter.ToUInt16(Payload.File(3), 2);
        var link = new RelayLink(new DeviceTopics("f", "d"), Payload.File(2), Payload.Samples(1), Payload.File(0), model, ChunkBytes);
        link.ManifestMark = Payload.Samples(2)[0];
        var store = new ArrayStore(model.Length);
        var clock = new SteppedClock();
        var random = new CountingRandom();
        var health = new MainsHealth();
        uint loaded = LoadedBytes(model);

        UpdateHeap.SetBaseline();
        _agent = new DeviceAgent(settings, link, store, clock, random, health, null);
        uint built = UpdateHeap.Sample();
        int boot = _agent.Boot();
        uint download = 0;
        int steps = 0;
        while (steps < StepsMax && _agent.State < UpdateState.Confirmed)
        {
            int wait = _agent.Step();
            if (_agent.State == UpdateState.Trial && download == 0)
            {
                download = UpdateHeap.Peak;
                UpdateHeap.Restart();
            }
            link.Deliver();
            clock.Advance(wait < 1 ? 1 : wait > 1000 ? 1000 : wait);
            steps++;
        }
        uint trial = UpdateHeap.Peak;
        uint after = UpdateHeap.Sample();
        Debug.WriteLine("boot " + boot.ToString());
        Debug.WriteLine("state " + ((int)_agent.State).ToString() + " " + _agent.LastError.ToString());
        Debug.WriteLine("heap " + loaded.ToString() + " " + built.ToString() + " " + download.ToString() + " " + trial.ToString() + " " + after.ToString());
        Debug.WriteLine("end");
    }

    /// <summary>Bytes of a model in RAM, its file included.</summary>
    private static uint LoadedBytes(byte[] model)
    {
        UpdateHeap.SetBaseline();
        _interpreter = new Interpreter(Model.Load((byte[])model.Clone()));
        uint bytes = UpdateHeap.Sample();
        _interpreter = null;
        return bytes;
    }
}
