using EdgeMl.Mcu.Agent.Timing;
using EdgeMl.Mcu.Agent.Updates;

namespace EdgeMl.Mcu.Agent.Messages;

/// <summary>Keeps the device in touch with the relay: connects, says hello with a new nonce on each connection, repeats it until an order comes, and asks again from time to time.</summary>
internal sealed class Conversation
{
    // A relay that has lost its numbers for a nonce is not believed under it any more.
    private const int HellosPerNonce = 3;

    private readonly AgentContext _agent;
    private readonly HelloWriter _hello;
    private readonly Backoff _connectRetry;
    private readonly Backoff _helloRetry;
    private readonly Deadline _poll = new Deadline();
    private int _connection;

    internal Conversation(AgentContext agent, StatusReporter status)
    {
        _agent = agent;
        _hello = new HelloWriter(agent, status);
        _connectRetry = new Backoff(agent.Retries);
        _helloRetry = new Backoff(agent.Retries);
    }

    /// <summary>Connects or says hello where it is time.</summary>
    /// <returns>Whether there is a new session.</returns>
    internal bool Step(long now)
    {
        int connection = _agent.Link.Connection;
        bool isNew = connection != _connection;
        if (isNew)
        {
            _connection = connection;
            _agent.Inbox.Clear();
            _connectRetry.Reset();
        }
        if (connection == 0)
        {
            Connect(now);
            return false;
        }
        if (isNew)
            _agent.Link.Subscribe(_agent.Topics.DownFilter, 1);
        bool isSession = isNew || (_helloRetry.IsDue(now) && _helloRetry.Waits > 0 && _helloRetry.Waits % HellosPerNonce == 0);
        if (isSession)
            BeginSession(now, isNew);
        if (_poll.IsDue(now))
        {
            _poll.Clear();
            _helloRetry.Restart(now);
        }
        if (_helloRetry.IsDue(now))
        {
            _hello.Send();
            _helloRetry.Next(now);
        }
        return isSession;
    }

    /// <summary>An order has come, also one that orders nothing.</summary>
    internal void OnDesired(long now)
    {
        _helloRetry.Reset();
        _poll.Set(now, _agent.Settings.PollMilliseconds);
    }

    /// <summary>A message of another session has come: a late hello may have led the relay back to it, so it hears of the present one again.</summary>
    internal void OnOtherSession(long now)
    {
        if (!_helloRetry.IsSet)
            _helloRetry.Next(now);
    }

    internal int Wait(long now)
    {
        if (_connection == 0)
            return _connectRetry.Remaining(now);
        int hello = _helloRetry.Remaining(now);
        int poll = _poll.Remaining(now);
        return hello < poll ? hello : poll;
    }

    private void Connect(long now)
    {
        if (_connectRetry.Waits > 0 && !_connectRetry.IsDue(now))
            return;
        _agent.Link.Connect();
        _connectRetry.Next(now);
    }

    private void BeginSession(long now, bool isNewConnection)
    {
        _agent.Session.Renew();
        _poll.Clear();
        if (isNewConnection)
            _helloRetry.Restart(now);
        else
            _agent.Link.Subscribe(_agent.Topics.DownFilter, 1);
    }
}
