using EdgeMl.Mcu.Mqtt.Topics;

namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>The last retained message of each topic. Not thread-safe: belongs to <see cref="Router"/>.</summary>
internal sealed class RetainedMessages(BrokerLimits limits)
{
    private readonly TopicTree<BrokerMessage> _messages = new();
    private long _bytes;

    public int Count => _messages.Count;

    /// <summary>Keeps a message in place of the one before, or forgets that one if this has no payload. False: there is no room for a message.</summary>
    public bool TryKeep(ReadOnlySpan<char> topic, BrokerMessage message)
    {
        BrokerMessage? previous = _messages.Find(topic);
        if (message.Payload.IsEmpty)
        {
            _messages.Remove(topic);
        }
        else
        {
            bool hasRoom = (previous is not null || Count < limits.RetainedMax) && _bytes - (previous?.Bytes ?? 0) + message.Bytes <= limits.RetainedBytesMax;
            if (!hasRoom)
                return false;
            message.AddReference();
            _bytes += message.Bytes;
            _messages.Set(topic, message);
        }
        if (previous is not null)
        {
            _bytes -= previous.Bytes;
            previous.Release();
        }
        return true;
    }

    /// <summary>Adds the messages whose topics a filter selects.</summary>
    public void Find(string filter, List<BrokerMessage> found) => _messages.FindTopics(filter, found);
}
