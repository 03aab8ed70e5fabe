using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Agent.Timing;

namespace EdgeMl.Mcu.Agent.Results;

/// <summary>Sends the results that wait, oldest first, as many as fit in a message, and the same ones again with back-off until the relay has acknowledged them.</summary>
internal sealed class ResultReporter
{
    // The head of an array of up to 23 items is one byte, which is completed when their number is known.
    private const int BatchMax = 23;
    private const int ArrayHead = 0x80;

    private readonly AgentContext _agent;
    private readonly Backoff _retry;
    private long _sent;

    internal ResultReporter(AgentContext agent)
    {
        _agent = agent;
        _retry = new Backoff(agent.Retries);
    }

    /// <summary>There is a new session.</summary>
    internal void OnSession(long now)
    {
        _sent = 0;
        _retry.Restart(now);
    }

    /// <summary>There is a new result.</summary>
    internal void OnResult(long now)
    {
        // What is under way is answered first.
        if (_sent == 0)
            _retry.Restart(now);
    }

    /// <summary>The relay has stored results.</summary>
    internal void OnAcknowledged(long sequence, long now)
    {
        _agent.Results.Forget(sequence);
        if (_sent == 0 || sequence < _sent)
            return;
        _sent = 0;
        _retry.Restart(now);
    }

    internal void Step(long now)
    {
        if (!CanSend() || !_retry.IsDue(now))
            return;
        if (_agent.Results.Count > 0 && Send())
        {
            _retry.Next(now);
            return;
        }
        _sent = 0;
        _retry.Reset();
    }

    internal int Wait(long now)
    {
        return CanSend() ? _retry.Remaining(now) : Deadline.Never;
    }

    private bool CanSend()
    {
        return _agent.Link.Connection != 0 && _agent.Session.HasChallenge;
    }

    /// <summary>Sends one message.</summary>
    /// <returns>False where there is no result to send.</returns>
    private bool Send()
    {
        ResultStore store = _agent.Results;
        Session session = _agent.Session;
        CborWriter writer = _agent.Uplink.Begin();
        writer.WriteMap(3);
        writer.WriteInteger(0);
        writer.WriteBytes(session.Nonce, 0, Session.NonceBytes);
        writer.WriteInteger(1);
        writer.WriteBytes(session.Challenge, 0, Session.NonceBytes);
        writer.WriteInteger(2);
        int head = writer.Position;
        writer.WriteArray(0);
        int count = 0;
        store.Rewind();
        while (count < BatchMax && writer.Length + store.RecordBytesMax <= _agent.Uplink.BodyBytesMax)
        {
            int length = store.ReadNext(out long sequence);
            if (length < 0)
                break;
            writer.WriteEncoded(_agent.Work, store.BodyOffset, length);
            _sent = sequence;
            count++;
        }
        if (count == 0)
            return false;
        _agent.Work[head] = (byte)(ArrayHead | count);
        _agent.Uplink.Send(_agent.Topics.Result, 1);
        return true;
    }
}
