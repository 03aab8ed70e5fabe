using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Agent.Models;
using EdgeMl.Mcu.Agent.Ports;
using EdgeMl.Mcu.Agent.Results;
using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Agent.Timing;

namespace EdgeMl.Mcu.Agent;

/// <summary>What the parts of one agent share. What they work with all the time is taken here, once.</summary>
internal sealed class AgentContext
{
    internal AgentContext(AgentSettings settings, DeviceLink link, FileStore store, DeviceClock clock, RandomSource random, BoardHealth health)
    {
        Settings = settings;
        Link = link;
        Store = store;
        Clock = clock;
        Health = health;
        Topics = new DeviceTopics(settings.Fleet, settings.Device);
        Inbox = new Inbox(Topics, settings.InboxBytes);
        link.Inbox = Inbox;
        int messageBytes = settings.ChunkBytesMax < MessageBytesMin ? MessageBytesMin : settings.ChunkBytesMax;
        Work = new byte[messageBytes];
        Session = new Session(random);
        Order = new DesiredOrder(settings.OrderHashBytes, Session.Challenge, Policy);
        Retries = new RetrySchedule(random, settings.RetryFirstMilliseconds, settings.RetryLastMilliseconds);
        var envelope = new Envelope(Hash);
        envelope.SetKey(DeviceKeys.Derive(settings.DeviceKey, DeviceKeys.MessageLabel), 0, DeviceKeys.KeyBytes);
        Envelope = envelope;
        Uplink = new Uplink(link, envelope, Work, messageBytes - settings.ResultBytesMax);
        SlotReader = new SlotReader(Hash, Work, Reader);
        Slots = new Slots(store, SlotReader);
        Keys = new ModelKeys(settings.DeviceKey);
        Host = new ModelHost(settings, store, Keys);
        Results = new ResultStore(store, Work, messageBytes - settings.ResultBytesMax, settings.ResultBytesMax, settings.ResultsMax, Reader, Uplink.Writer);
    }

    /// <summary>A message beside one result.</summary>
    private const int MessageBytesMin = 1024;

    internal AgentSettings Settings { get; }

    internal DeviceLink Link { get; }

    internal FileStore Store { get; }

    internal DeviceClock Clock { get; }

    internal RetrySchedule Retries { get; }

    internal BoardHealth Health { get; }

    internal DeviceTopics Topics { get; }

    internal Inbox Inbox { get; }

    /// <summary>One block or one message in work; nobody keeps anything in it from one step to the next.</summary>
    internal byte[] Work { get; }

    /// <summary>Hashes one thing at a time: nobody leaves a hash unfinished when it gives control to another part.</summary>
    internal Sha256 Hash { get; } = new Sha256();

    /// <summary>Reads one received message at a time.</summary>
    internal CborReader Reader { get; } = new CborReader();

    internal AgentCounters Counters { get; } = new AgentCounters();

    internal ResultPolicy Policy { get; } = new ResultPolicy();

    internal Session Session { get; }

    internal DesiredOrder Order { get; }

    internal Envelope Envelope { get; }

    internal Uplink Uplink { get; }

    internal SlotReader SlotReader { get; }

    internal Slots Slots { get; }

    internal ModelKeys Keys { get; }

    internal ModelHost Host { get; }

    internal ResultStore Results { get; }

    /// <summary>Whether the economy model takes the place of any other.</summary>
    internal bool IsEconomical { get; set; }

    /// <summary>Loads the model that is to run: that of the slot that runs, or the factory's where there is no such slot; the economy model before both, where it is asked for.</summary>
    /// <returns>Number of a <see cref="Runtime.Error"/> or an <see cref="AgentError"/>, 0 where it runs or there is none.</returns>
    internal int LoadRunning()
    {
        if (!IsEconomical || Settings.EconomyModel == null)
            return LoadUsual();
        int error = Host.Load(LocalModel.Economy, Settings.EconomyModel);
        if (error == 0)
            return 0;
        LoadUsual();
        return error;
    }

    private int LoadUsual()
    {
        Slot slot = Slots.Running;
        Host.Unload();
        if (slot == Slot.None)
            return Settings.FactoryModel == null ? 0 : Host.Load(LocalModel.Factory, Settings.FactoryModel);
        AgentError error = SlotReader.Read(Store, slot, out Manifest manifest);
        if (error != AgentError.None)
            return (int)error;
        byte[] key = new byte[DesiredOrder.WrappedKeyBytes];
        return Host.Load(slot, manifest, Slots.State.CopyWrappedKey(slot, key, 0) ? key : null);
    }
}
