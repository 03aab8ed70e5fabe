using System;
using System.Threading;
using EdgeMl.Mcu.Agent.Ports;
using EdgeMl.Mcu.Agent.Timing;

namespace EdgeMl.Mcu.Device.Network;

/// <summary>
/// The agent's link over an MQTT client that may block: connecting and closing is done by a thread of its own, in <see cref="Run"/>. The agent decides when to try
/// again and sends again what matters; the link only says whether there is a connection, and which.
/// </summary>
public sealed class SupervisedLink : DeviceLink
{
    /// <summary>Longest time in milliseconds in which the network is joined and the broker answers, or the client gives up by itself. A thread that is gone for longer does not come back.</summary>
    public const int OpeningMax = 240_000;

    private readonly object _lock = new object();
    private readonly AutoResetEvent _work;
    private readonly AutoResetEvent _news;
    private readonly MqttTransport _transport;
    private readonly NetworkPort _network;
    private readonly DeviceClock _clock;
    private readonly Deadline _stuck = new Deadline();
    private LinkState _state;
    private bool _isEnabled = true;
    private bool _isStopped;
    private bool _isLeaving;
    private bool _isLost;
    private int _connections;

    /// <summary>Creates a link without a connection.</summary>
    /// <param name="transport">The client.</param>
    /// <param name="network">The network.</param>
    /// <param name="clock">Milliseconds since the start.</param>
    /// <param name="work">Wakes the link's own thread; nothing else uses it.</param>
    /// <param name="news">Set when the agent has something to look at: a message, or another state.</param>
    public SupervisedLink(MqttTransport transport, NetworkPort network, DeviceClock clock, AutoResetEvent work, AutoResetEvent news)
    {
        _transport = transport;
        _network = network;
        _clock = clock;
        _work = work;
        _news = news;
        transport.Link = this;
    }

    /// <summary>What it does.</summary>
    public LinkState State
    {
        get
        {
            lock (_lock)
                return _state;
        }
    }

    /// <inheritdoc/>
    public override int Connection
    {
        get
        {
            lock (_lock)
                return _state == LinkState.Open ? _connections : 0;
        }
    }

    /// <summary>Whether there is neither a connection nor a network, nor one to be left.</summary>
    public bool HasLeft
    {
        get
        {
            lock (_lock)
                return _state == LinkState.Closed && !_isEnabled && !_isLeaving;
        }
    }

    /// <summary>Whether the thread of <see cref="Run"/> has been in the client or the network for too long to come back.</summary>
    public bool IsStuck
    {
        get
        {
            lock (_lock)
                return _stuck.IsDue(_clock.Milliseconds);
        }
    }

    /// <inheritdoc/>
    public override void Connect()
    {
        lock (_lock)
        {
            if (!_isEnabled || _state != LinkState.Closed)
                return;
            _state = LinkState.Opening;
        }
        _work.Set();
    }

    /// <summary>Allows connections, or ends the present one and leaves the network.</summary>
    public void Enable(bool isEnabled)
    {
        lock (_lock)
        {
            if (_isEnabled == isEnabled)
                return;
            _isEnabled = isEnabled;
            _isLeaving = !isEnabled;
            if (!isEnabled && _state == LinkState.Open)
                _state = LinkState.Closing;
        }
        _work.Set();
    }

    /// <inheritdoc/>
    public override bool Publish(string topic, byte[] buffer, int offset, int count, int quality)
    {
        if (Connection == 0)
            return false;
        byte[] payload = new byte[count];
        Array.Copy(buffer, offset, payload, 0, count);
        return _transport.Publish(topic, payload, quality);
    }

    /// <inheritdoc/>
    public override bool Subscribe(string filter, int quality)
    {
        return Connection != 0 && _transport.Subscribe(filter, quality);
    }

    /// <inheritdoc/>
    public override bool Unsubscribe(string filter)
    {
        return Connection != 0 && _transport.Unsubscribe(filter);
    }

    /// <summary>Opens and closes connections until <see cref="Stop"/>: the body of the link's own thread.</summary>
    public void Run()
    {
        while (Step())
            _work.WaitOne();
    }

    /// <summary>Ends <see cref="Run"/>; a connection is closed before.</summary>
    public void Stop()
    {
        lock (_lock)
            _isStopped = true;
        Enable(false);
        _work.Set();
    }

    internal void OnMessage(string topic, byte[] payload)
    {
        if (State != LinkState.Open && State != LinkState.Opening)
            return;
        if (Inbox.Add(topic, payload, 0, payload.Length))
            _news.Set();
    }

    internal void OnClosed()
    {
        lock (_lock)
        {
            // A connection may end before the client says that it was made.
            _isLost = _state == LinkState.Opening;
            if (_state != LinkState.Open)
                return;
            _state = LinkState.Closing;
        }
        _work.Set();
        _news.Set();
    }

    /// <summary>Opens and closes what is to be opened and closed now; blocks as long as client and network do.</summary>
    /// <returns>False where the link has been stopped.</returns>
    public bool Step()
    {
        while (true)
        {
            LinkState state;
            bool isLeaving;
            lock (_lock)
            {
                _stuck.Clear();
                state = _state;
                isLeaving = _isLeaving && (state == LinkState.Closed);
                if (state == LinkState.Opening || state == LinkState.Closing || isLeaving)
                    _stuck.Set(_clock.Milliseconds, OpeningMax);
                else
                    return !_isStopped;
            }
            if (state == LinkState.Opening)
                Open();
            else if (state == LinkState.Closing)
                Close();
            else
                Leave();
            _news.Set();
        }
    }

    private void Open()
    {
        bool isJoined = _network.Join();
        lock (_lock)
            _isLost = false;
        bool isOpen = isJoined && _transport.Open();
        lock (_lock)
        {
            if (isOpen)
                _connections++;
            _state = !isOpen ? LinkState.Closed : _isEnabled && !_isLost ? LinkState.Open : LinkState.Closing;
        }
    }

    private void Close()
    {
        _transport.Close();
        lock (_lock)
            _state = LinkState.Closed;
    }

    private void Leave()
    {
        _network.Leave();
        lock (_lock)
            _isLeaving = false;
    }
}
