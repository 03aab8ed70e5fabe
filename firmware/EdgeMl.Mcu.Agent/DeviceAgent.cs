using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Agent.Models;
using EdgeMl.Mcu.Agent.Ports;
using EdgeMl.Mcu.Agent.Results;
using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Agent.Updates;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Agent;

/// <summary>
/// The device's side of the update protocol: runs a model and reports its results, keeps in touch with the relay, and brings the model to what the relay wants.
/// All memory is taken at construction, but for a model's and a step's of an update: to fetch a blob, to verify a manifest, to apply a delta. A step gives it back at its end. Used from one thread: <see cref="Boot"/>, then <see cref="Step"/> again and again.
/// </summary>
public sealed class DeviceAgent
{
    private readonly AgentContext _agent;
    private readonly StatusReporter _status;
    private readonly Conversation _conversation;
    private readonly UpdateJob _job;
    private readonly ResultReporter _results;
    private readonly InferenceLoop _inference;

    /// <summary>Creates an agent.</summary>
    /// <param name="settings">Its settings.</param>
    /// <param name="link">Port to the broker; the agent sets its <see cref="DeviceLink.Inbox"/>.</param>
    /// <param name="store">Port to the storage.</param>
    /// <param name="clock">Port to the time since the start.</param>
    /// <param name="random">Port to random numbers.</param>
    /// <param name="health">Port to memory and battery.</param>
    /// <param name="sensor">Port to what the model looks at; null where something else runs the model.</param>
    public DeviceAgent(AgentSettings settings, DeviceLink link, FileStore store, DeviceClock clock, RandomSource random, BoardHealth health, Sensor sensor)
    {
        _agent = new AgentContext(settings, link, store, clock, random, health);
        _status = new StatusReporter(_agent);
        _conversation = new Conversation(_agent, _status);
        _job = new UpdateJob(_agent, _status);
        _results = new ResultReporter(_agent);
        _inference = new InferenceLoop(_agent, sensor, _results);
    }

    /// <summary>Runs the confirmed model; null while there is none. It changes with an update, during a <see cref="Step"/> only.</summary>
    public Interpreter Interpreter => _agent.Host.Interpreter;

    /// <summary>What the journal holds.</summary>
    public JournalState Journal => _agent.Slots.State;

    /// <summary>The slot whose model runs.</summary>
    public Slot Running => _agent.Slots.Running;

    /// <summary>Which model runs that is in no slot.</summary>
    public LocalModel Local => _agent.Host.Local;

    /// <summary>What has been counted since the start.</summary>
    public AgentCounters Counters => _agent.Counters;

    /// <summary>How far the order is.</summary>
    public UpdateState State => _status.State;

    /// <summary>Number of the error that ended the order: of a <see cref="Error"/> or an <see cref="AgentError"/>; 0 for none.</summary>
    public int LastError => _status.Error;

    /// <summary>Milliseconds until the next inference, 0 where it is due; <see cref="Timing.Deadline.Never"/> where there is no model or sensor.</summary>
    public int InferenceWait => _inference.Wait(_agent.Clock.Milliseconds);

    /// <summary>Inferences since the start.</summary>
    public int Inferences => _inference.Inferences;

    /// <summary>Results that were given up since the start.</summary>
    public int ResultsDropped => _agent.Results.Dropped;

    /// <summary>Results that wait to be acknowledged.</summary>
    public int ResultsWaiting => _agent.Results.Count;

    /// <summary>Reads the store and loads the confirmed model. An update that power loss ended has been undone then.</summary>
    /// <returns>Number of a <see cref="Error"/> or an <see cref="AgentError"/>, 0 where nothing is wrong. The agent works on: an update may mend it.</returns>
    public int Boot()
    {
        AgentSettings settings = _agent.Settings;
        int error = (int)_agent.Slots.Open();
        if (error != (int)AgentError.Journal && !Journal.HasPublisherKey && settings.PublisherKey != null)
            error = (int)_agent.Slots.SetPublisherKey(settings.PublisherKey, 0, 0);
        int loaded = _agent.LoadRunning();
        _agent.Results.Open();
        _agent.Results.LoadPolicy(_agent.Policy);
        error = loaded != 0 ? loaded : error;
        _status.StartError = error;
        _status.Report(0, UpdateState.Idle, error);
        return error;
    }

    /// <summary>Runs the economy model from now on, or the usual one again. A trial of a new model is done within one <see cref="Step"/>, so none is ever under way.</summary>
    /// <param name="isEconomical">Whether <see cref="AgentSettings.EconomyModel"/> runs, where there is one.</param>
    /// <returns>Number of a <see cref="Error"/> or an <see cref="AgentError"/>, 0 where nothing is wrong. An economy model that does not load leaves the usual one in place.</returns>
    public int SetEconomy(bool isEconomical)
    {
        if (_agent.IsEconomical == isEconomical)
            return 0;
        _agent.IsEconomical = isEconomical;
        if (_agent.Settings.EconomyModel == null)
            return 0;
        _agent.Policy.OnModel();
        return _agent.LoadRunning();
    }

    /// <summary>Does what is to be done now: takes one message, does one step of an update, one inference, and sends what is due.</summary>
    /// <returns>Milliseconds until there is something to do, unless a message comes before; 0 to be called again at once.</returns>
    public int Step()
    {
        long now = _agent.Clock.Milliseconds;
        if (_conversation.Step(now))
        {
            _status.OnSession(now);
            _results.OnSession(now);
            _job.OnConnection(now);
        }
        TakeMessage(now);
        _job.Step(now);
        _inference.Step(now);
        _status.Step(now);
        _results.Step(now);
        return Wait();
    }

    private int Wait()
    {
        if (!_agent.Inbox.IsEmpty)
            return 0;
        long now = _agent.Clock.Milliseconds;
        int wait = Least(_conversation.Wait(now), _job.Wait(now));
        wait = Least(wait, _inference.Wait(now));
        return Least(wait, Least(_status.Wait(now), _results.Wait(now)));
    }

    private static int Least(int a, int b)
    {
        return a < b ? a : b;
    }

    private void TakeMessage(long now)
    {
        Inbox inbox = _agent.Inbox;
        MessageKind kind = inbox.Take();
        if (kind == MessageKind.None)
            return;
        if (kind == MessageKind.Chunk)
            _job.OnChunk(inbox.Buffer, inbox.Offset, inbox.Length, now);
        else
            TakeEnvelope(kind, now);
        inbox.Release();
    }

    private void TakeEnvelope(MessageKind kind, long now)
    {
        Inbox inbox = _agent.Inbox;
        Envelope envelope = _agent.Envelope;
        AgentCounters counters = _agent.Counters;
        string topic = kind == MessageKind.Desired ? _agent.Topics.Desired : _agent.Topics.Acknowledgement;
        if (!envelope.Open(topic, inbox.Buffer, inbox.Offset, inbox.Length))
        {
            counters.Unverified++;
            return;
        }
        CborReader reader = _agent.Reader;
        reader.Reset(inbox.Buffer, envelope.Offset, envelope.Length);
        int pairs = reader.ReadMap();
        if (!_agent.Session.ReadFreshness(reader, inbox.Buffer, kind))
        {
            if (reader.Failed)
                counters.Malformed++;
            else
                counters.Stale++;
            if (_agent.Session.IsOfOther)
                _conversation.OnOtherSession(now);
            return;
        }
        bool isRead = kind == MessageKind.Desired ? TakeDesired(pairs - 2, now) : TakeAcknowledgement(pairs - 2, now);
        if (!isRead)
            counters.Malformed++;
    }

    private bool TakeDesired(int pairs, long now)
    {
        bool isRead = _agent.Order.Read(_agent.Reader, _agent.Inbox.Buffer, pairs);
        if (isRead)
        {
            _agent.Session.OnDesired();
            _conversation.OnDesired(now);
            _status.Repeat();
            _agent.Results.SavePolicy(_agent.Policy);
        }
        _job.OnOrder(now);
        return isRead;
    }

    private bool TakeAcknowledgement(int pairs, long now)
    {
        CborReader reader = _agent.Reader;
        if (pairs != 2 || reader.ReadKey(1) != 2)
            reader.Fail();
        long status = reader.ReadInteger();
        if (reader.ReadKey(2) != 3)
            reader.Fail();
        long result = reader.ReadInteger();
        if (!reader.Finish())
            return false;
        _status.OnAcknowledged(status);
        _results.OnAcknowledged(result, now);
        return true;
    }
}
