using EdgeMl.Mcu.Mqtt.Packets;

namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>What a session sends: messages that wait, and QoS 1 and 2 messages that are not acknowledged, in the order of publication.</summary>
/// <remarks>
/// Thread-safe. One connection at a time takes packets from it, known by its signal. A new connection gets everything unacknowledged again, in the
/// original order, before anything new (MQTT 3.1.1, 4.4 and 4.6).
/// </remarks>
internal sealed class OutboundQueue(BrokerLimits limits, BrokerCounters counters)
{
    private readonly Lock _lock = new();
    private readonly Queue<Delivery> _waiting = new();
    private readonly List<Inflight> _inflight = [];
    private long _bytes;
    private int _sentInflight;
    private ushort _lastId;
    private AsyncSignal? _reader;

    /// <summary>Makes a connection the one that takes packets.</summary>
    public void Attach(AsyncSignal reader)
    {
        lock (_lock)
        {
            _reader = reader;
            _sentInflight = 0;
        }
        reader.Set();
    }

    public void Detach(AsyncSignal reader)
    {
        lock (_lock)
        {
            if (_reader == reader)
                _reader = null;
        }
    }

    /// <summary>Adds a message for the client; drops it if there is no room, or if it is QoS 0 and the client is away.</summary>
    public void Add(BrokerMessage message, QualityOfService quality, bool retain)
    {
        lock (_lock)
        {
            if (_reader is null && quality == QualityOfService.AtMostOnce)
                return;
            if (_waiting.Count >= limits.QueueLengthMax || _bytes + message.Bytes > limits.QueueBytesMax)
            {
                Interlocked.Increment(ref counters.MessagesDropped);
                return;
            }
            message.AddReference();
            _bytes += message.Bytes;
            _waiting.Enqueue(new Delivery(message, quality, retain));
            _reader?.Set();
        }
    }

    /// <summary>Takes the next packet; false if there is none, the window is full or another connection took over.</summary>
    public bool TryTake(AsyncSignal reader, out OutboundPacket packet)
    {
        lock (_lock)
        {
            packet = default;
            if (_reader != reader)
                return false;
            if (_sentInflight < _inflight.Count)
            {
                packet = _inflight[_sentInflight++].Packet(duplicate: true);
                return true;
            }
            if (!_waiting.TryPeek(out Delivery next) || (next.Quality != QualityOfService.AtMostOnce && _inflight.Count >= limits.InflightMax))
                return false;

            _waiting.Dequeue();
            if (next.Quality == QualityOfService.AtMostOnce)
            {
                _bytes -= next.Message.Bytes;
                packet = new OutboundPacket(next.Message, new PublishHeader(next.Quality, next.Retain, Duplicate: false, PacketId: 0));
                return true;
            }
            var inflight = new Inflight(NextId(), next, IsReleased: false);
            _inflight.Add(inflight);
            _sentInflight = _inflight.Count;
            packet = inflight.Packet(duplicate: false);
            return true;
        }
    }

    /// <summary>PUBACK: a QoS 1 message has arrived.</summary>
    public void Acknowledge(ushort id)
    {
        lock (_lock)
        {
            int index = IndexOf(id);
            if (index >= 0 && _inflight[index].Delivery.Quality == QualityOfService.AtLeastOnce)
                Remove(index, releaseMessage: true);
        }
    }

    /// <summary>PUBREC: a QoS 2 message has arrived; from now on PUBREL is sent for it.</summary>
    public void Receive(ushort id)
    {
        lock (_lock)
        {
            int index = IndexOf(id);
            if (index < 0 || _inflight[index].IsReleased || _inflight[index].Delivery.Quality != QualityOfService.ExactlyOnce)
                return;
            Inflight inflight = _inflight[index];
            ReleaseMessage(inflight.Delivery);
            _inflight[index] = inflight with { IsReleased = true };
        }
    }

    /// <summary>PUBCOMP: a QoS 2 message is done.</summary>
    public void Complete(ushort id)
    {
        lock (_lock)
        {
            int index = IndexOf(id);
            if (index >= 0 && _inflight[index].IsReleased)
                Remove(index, releaseMessage: false);
        }
    }

    /// <summary>Gives up everything; nothing is added afterwards.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _reader = null;
            while (_waiting.TryDequeue(out Delivery delivery))
                ReleaseMessage(delivery);
            foreach (Inflight inflight in _inflight.Where(inflight => !inflight.IsReleased))
                ReleaseMessage(inflight.Delivery);
            _inflight.Clear();
            _sentInflight = 0;
        }
    }

    private void Remove(int index, bool releaseMessage)
    {
        if (releaseMessage)
            ReleaseMessage(_inflight[index].Delivery);
        _inflight.RemoveAt(index);
        if (index < _sentInflight)
            _sentInflight--;
        _reader?.Set();
    }

    private void ReleaseMessage(Delivery delivery)
    {
        _bytes -= delivery.Message.Bytes;
        delivery.Message.Release();
    }

    // Acknowledgements come in the order of sending as a rule, so the search ends at once.
    private int IndexOf(ushort id)
    {
        for (int i = 0; i < _inflight.Count; i++)
        {
            if (_inflight[i].Id == id)
                return i;
        }
        return -1;
    }

    private ushort NextId()
    {
        do
            _lastId = _lastId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastId + 1);
        while (IndexOf(_lastId) >= 0);
        return _lastId;
    }

    private readonly record struct Inflight(ushort Id, Delivery Delivery, bool IsReleased)
    {
        public OutboundPacket Packet(bool duplicate)
        {
            if (IsReleased)
                return new OutboundPacket(null, new PublishHeader(Delivery.Quality, Retain: false, Duplicate: false, Id));
            Delivery.Message.AddReference();
            return new OutboundPacket(Delivery.Message, new PublishHeader(Delivery.Quality, Delivery.Retain, duplicate, Id));
        }
    }
}
