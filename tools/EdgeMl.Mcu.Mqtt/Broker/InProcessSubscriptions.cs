using EdgeMl.Mcu.Mqtt.Topics;

namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>The subscriptions of this process by topic filter. Not thread-safe: belongs to <see cref="Router"/>.</summary>
internal sealed class InProcessSubscriptions
{
    private readonly TopicTree<List<InProcessSubscription>> _byFilter = new();
    private readonly List<List<InProcessSubscription>> _selected = [];
    private long _messageNumber;

    public void Add(InProcessSubscription subscription)
    {
        foreach (string filter in subscription.Filters)
        {
            List<InProcessSubscription>? subscribers = _byFilter.Find(filter);
            if (subscribers is null)
                _byFilter.Set(filter, subscribers = []);
            subscribers.Add(subscription);
        }
    }

    public void Remove(InProcessSubscription subscription)
    {
        foreach (string filter in subscription.Filters)
        {
            if (_byFilter.Find(filter) is { } subscribers && subscribers.Remove(subscription) && subscribers.Count == 0)
                _byFilter.Remove(filter);
        }
    }

    /// <summary>Hands a message to all subscriptions that select it, once to each.</summary>
    /// <returns>One of them that is full now, or null.</returns>
    public InProcessSubscription? Publish(BrokerMessage message, ReadOnlySpan<char> topic)
    {
        if (_byFilter.Count == 0)
            return null;
        _byFilter.FindFilters(topic, _selected);
        _messageNumber++;
        MqttMessage? copy = null;
        InProcessSubscription? full = null;
        foreach (List<InProcessSubscription> subscribers in _selected)
        {
            foreach (InProcessSubscription subscription in subscribers)
            {
                if (subscription.LastMessageNumber == _messageNumber)
                    continue;
                subscription.LastMessageNumber = _messageNumber;
                if (!subscription.Add(copy ??= message.ToMessage(retain: false)))
                    full = subscription;
            }
        }
        _selected.Clear();
        return full;
    }
}
