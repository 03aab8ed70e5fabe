using EdgeMl.Mcu.Mqtt.Topics;

namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>Who gets which message: subscriptions and retained messages. Thread-safe; hands messages to queues and never waits for a client.</summary>
internal sealed class Router(BrokerLimits limits, BrokerCounters counters)
{
    private readonly Lock _lock = new();
    private readonly TopicTree<Dictionary<Session, QualityOfService>> _subscriptions = new();
    private readonly RetainedMessages _retained = new(limits);

    // Used again for each message, within the lock.
    private readonly List<Dictionary<Session, QualityOfService>> _selected = [];
    private readonly List<(Session Session, QualityOfService Quality)> _receivers = [];
    private readonly List<BrokerMessage> _found = [];
    private readonly InProcessSubscriptions _inProcess = new();
    private long _messageNumber;

    public int RetainedCount
    {
        get
        {
            lock (_lock)
                return _retained.Count;
        }
    }

    /// <summary>Hands a message to all subscribers, once to each, with the lower one of its quality and the highest one subscribed.</summary>
    /// <param name="message">The caller keeps its reference.</param>
    /// <param name="topic">The message's topic.</param>
    /// <param name="retain">Whether to keep it for later subscribers.</param>
    /// <returns>A subscription of this process that has more than enough to do, or null.</returns>
    public InProcessSubscription? Publish(BrokerMessage message, ReadOnlySpan<char> topic, bool retain)
    {
        lock (_lock)
        {
            if (retain && !_retained.TryKeep(topic, message))
                Interlocked.Increment(ref counters.MessagesNotRetained);
            _subscriptions.FindFilters(topic, _selected);
            _messageNumber++;
            foreach (Dictionary<Session, QualityOfService> subscribers in _selected)
            {
                foreach ((Session session, QualityOfService quality) in subscribers)
                    AddReceiver(session, quality);
            }
            foreach ((Session session, QualityOfService quality) in _receivers)
                session.Outbound.Add(message, Lower(quality, message.Quality), retain: false);
            _selected.Clear();
            _receivers.Clear();
            return _inProcess.Publish(message, topic);
        }
    }

    /// <summary>Adds a subscription of this process and hands it the retained messages.</summary>
    public void Subscribe(InProcessSubscription subscription)
    {
        lock (_lock)
        {
            _inProcess.Add(subscription);
            foreach (string filter in subscription.Filters)
                _retained.Find(filter, _found);
            foreach (BrokerMessage message in _found.Distinct())
                subscription.Add(message.ToMessage(retain: true));
            _found.Clear();
        }
    }

    /// <summary>Removes a subscription of this process; afterwards it gets no message.</summary>
    public void Remove(InProcessSubscription subscription)
    {
        lock (_lock)
            _inProcess.Remove(subscription);
    }

    /// <summary>Adds or changes a subscription; false if the session has too many.</summary>
    public bool Subscribe(Session session, string filter, QualityOfService quality)
    {
        lock (_lock)
        {
            if (!session.Filters.Contains(filter) && session.Filters.Count >= limits.SubscriptionsMax)
                return false;
            if (session.Filters.Add(filter))
                Interlocked.Increment(ref counters.Subscriptions);
            Dictionary<Session, QualityOfService>? subscribers = _subscriptions.Find(filter);
            if (subscribers is null)
                _subscriptions.Set(filter, subscribers = []);
            subscribers[session] = quality;
            return true;
        }
    }

    /// <summary>Sends a session the retained messages of a new subscription (MQTT 3.1.1, 3.3.1.3).</summary>
    public void SendRetained(Session session, string filter, QualityOfService quality)
    {
        lock (_lock)
        {
            _retained.Find(filter, _found);
            foreach (BrokerMessage message in _found)
                session.Outbound.Add(message, Lower(quality, message.Quality), retain: true);
            _found.Clear();
        }
    }

    public void Unsubscribe(Session session, string filter)
    {
        lock (_lock)
        {
            if (session.Filters.Remove(filter))
                RemoveSubscriber(session, filter);
        }
    }

    /// <summary>Removes all subscriptions; afterwards the session gets no message.</summary>
    public void Remove(Session session)
    {
        lock (_lock)
        {
            foreach (string filter in session.Filters)
                RemoveSubscriber(session, filter);
            session.Filters.Clear();
        }
    }

    private void AddReceiver(Session session, QualityOfService quality)
    {
        if (session.LastMatch.Message != _messageNumber)
        {
            session.LastMatch = (_messageNumber, _receivers.Count);
            _receivers.Add((session, quality));
        }
        else if (quality > _receivers[session.LastMatch.Place].Quality)
        {
            _receivers[session.LastMatch.Place] = (session, quality);
        }
    }

    private void RemoveSubscriber(Session session, string filter)
    {
        Interlocked.Decrement(ref counters.Subscriptions);
        if (_subscriptions.Find(filter) is { } subscribers && subscribers.Remove(session) && subscribers.Count == 0)
            _subscriptions.Remove(filter);
    }

    private static QualityOfService Lower(QualityOfService a, QualityOfService b) => a < b ? a : b;
}
