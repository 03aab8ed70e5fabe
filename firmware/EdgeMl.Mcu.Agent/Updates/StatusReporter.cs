using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Agent.Timing;

namespace EdgeMl.Mcu.Agent.Updates;

/// <summary>
/// Tells the relay how orders go: each change of state once, the outcome of an attempt until the relay has acknowledged it (the journal keeps it over reboots), and
/// the device's health from time to time.
/// </summary>
internal sealed class StatusReporter
{
    private readonly AgentContext _agent;
    private readonly Backoff _outcomeRetry;
    private readonly Deadline _health = new Deadline();
    private long _outcomeSequence;
    private bool _isNews;

    internal StatusReporter(AgentContext agent)
    {
        _agent = agent;
        _outcomeRetry = new Backoff(agent.Retries);
    }

    /// <summary>Number of the order that the status is about.</summary>
    internal int Attempt { get; private set; }

    internal UpdateState State { get; private set; }

    /// <summary>Number of a <see cref="Runtime.Error"/> or an <see cref="AgentError"/>.</summary>
    internal int Error { get; private set; }

    /// <summary>Number of what was wrong at the start, which is the error as long as there is no order.</summary>
    internal int StartError { get; set; }

    /// <summary>Chunks of the present blob that are in flash.</summary>
    internal int Progress { get; set; }

    /// <summary>Sets the state, which is sent soon.</summary>
    internal void Report(int attempt, UpdateState state, int error)
    {
        Attempt = attempt;
        State = state;
        Error = error;
        _isNews = true;
    }

    /// <summary>Sends the state again, soon.</summary>
    internal void Repeat()
    {
        _isNews = true;
    }

    /// <summary>The journal has the outcome of an attempt, or the relay wants to hear of it.</summary>
    internal void OnOutcome(long now)
    {
        if (_agent.Slots.State.Outcome != Outcome.None)
            _outcomeRetry.Restart(now);
    }

    /// <summary>There is a new session.</summary>
    internal void OnSession(long now)
    {
        _outcomeSequence = 0;
        OnOutcome(now);
    }

    /// <summary>The relay has stored a status.</summary>
    internal void OnAcknowledged(long sequence)
    {
        // Only a status with the outcome counts: that the relay has a later one does not say that it has this.
        if (_outcomeSequence == 0 || sequence != _outcomeSequence)
            return;
        _outcomeSequence = 0;
        _outcomeRetry.Reset();
        _agent.Slots.AcknowledgeOutcome(_agent.Slots.State.OutcomeAttempt);
    }

    internal void Step(long now)
    {
        if (!CanSend())
            return;
        JournalState journal = _agent.Slots.State;
        if (_outcomeRetry.IsDue(now))
        {
            if (journal.Outcome == Outcome.None)
            {
                _outcomeRetry.Reset();
            }
            else
            {
                if (Send(journal.OutcomeAttempt, (int)journal.Outcome, journal.OutcomeError))
                    _outcomeSequence = _agent.Session.StatusSequence;
                _outcomeRetry.Next(now);
                _isNews &= Attempt != journal.OutcomeAttempt;
                _health.Set(now, _agent.Settings.PollMilliseconds);
            }
        }
        if (!_isNews && !_health.IsDue(now))
            return;
        _isNews = !Send(Attempt, (int)State, Error);
        _health.Set(now, _agent.Settings.PollMilliseconds);
    }

    internal int Wait(long now)
    {
        if (!CanSend())
            return Deadline.Never;
        int outcome = _outcomeRetry.Remaining(now);
        int health = _health.Remaining(now);
        return _isNews ? 0 : outcome < health ? outcome : health;
    }

    /// <summary>The relay believes a status only with its challenge.</summary>
    private bool CanSend()
    {
        return _agent.Link.Connection != 0 && _agent.Session.HasChallenge;
    }

    private bool Send(int attempt, int state, int error)
    {
        Session session = _agent.Session;
        JournalState journal = _agent.Slots.State;
        int battery = _agent.Health.BatteryPercent;
        CborWriter writer = _agent.Uplink.Begin();
        writer.WriteMap(battery < 0 ? 12 : 13);
        writer.WriteInteger(0);
        writer.WriteBytes(session.Nonce, 0, Session.NonceBytes);
        writer.WriteInteger(1);
        writer.WriteBytes(session.Challenge, 0, Session.NonceBytes);
        WriteNumber(writer, 2, session.NextStatus());
        WriteNumber(writer, 3, attempt);
        WriteNumber(writer, 4, state);
        WriteNumber(writer, 5, error);
        writer.WriteInteger(6);
        WriteRunning(writer);
        WriteNumber(writer, 7, journal.Epoch);
        WriteNumber(writer, 8, journal.KeyGeneration);
        WriteNumber(writer, 9, Progress);
        WriteNumber(writer, 10, _agent.Health.FreeMemoryBytes);
        if (battery >= 0)
            WriteNumber(writer, 11, battery);
        writer.WriteInteger(12);
        WriteCounters(writer);
        return _agent.Uplink.Send(_agent.Topics.Status, 1);
    }

    /// <summary>Writes the id of the manifest whose model runs, no bytes where none runs.</summary>
    internal void WriteRunning(CborWriter writer)
    {
        if (_agent.Slots.Running != Slot.None && _agent.Host.Interpreter != null)
            _agent.Slots.State.WriteManifestId(_agent.Slots.Running, writer);
        else
            writer.ReserveBytes(0);
    }

    private void WriteCounters(CborWriter writer)
    {
        AgentCounters counters = _agent.Counters;
        writer.WriteArray(AgentCounters.Count);
        writer.WriteInteger(counters.Unverified);
        writer.WriteInteger(counters.Stale);
        writer.WriteInteger(counters.Malformed);
        writer.WriteInteger(counters.Damaged);
        writer.WriteInteger(_agent.Inbox.Dropped);
        writer.WriteInteger(counters.Chunks);
        writer.WriteInteger(counters.Requests);
        writer.WriteInteger(_agent.Results.Dropped);
    }

    private static void WriteNumber(CborWriter writer, int key, long value)
    {
        writer.WriteInteger(key);
        writer.WriteInteger(value);
    }
}
