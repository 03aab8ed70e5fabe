using System;

namespace EdgeMl.Mcu.Agent.Messages;

/// <summary>
/// The messages that wait for the agent, in one ring of bytes allocated at construction. One thread adds, another one takes; both may run at once. A message
/// for which there is no room is dropped and counted: whatever matters is asked for again.
/// </summary>
public sealed class Inbox
{
    // Kind, generation of the chunk topic, length; a record is contiguous, and one of kind None says that the next is at the start of the ring.
    private const int HeadBytes = 4;

    private readonly object _lock = new object();
    private readonly DeviceTopics _topics;
    private readonly byte[] _ring;
    private string _chunkTopic;
    private byte _generation;
    private int _first;
    private int _end;
    private int _count;

    /// <summary>Creates an inbox.</summary>
    /// <param name="topics">The device's topics: others are not taken.</param>
    /// <param name="capacity">Bytes for messages and 4 more for each.</param>
    public Inbox(DeviceTopics topics, int capacity)
    {
        _topics = topics;
        _ring = new byte[capacity];
    }

    /// <summary>The array in which messages lie.</summary>
    public byte[] Buffer => _ring;

    /// <summary>Where the message that <see cref="Take"/> found begins.</summary>
    public int Offset { get; private set; }

    /// <summary>Its length in bytes.</summary>
    public int Length { get; private set; }

    /// <summary>Messages dropped for want of room.</summary>
    public int Dropped { get; private set; }

    /// <summary>Whether no message waits.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_lock)
                return _count == 0;
        }
    }

    /// <summary>Takes chunks of this topic from now on, and none of another that still wait. Null for no chunks.</summary>
    public void Expect(string chunkTopic)
    {
        lock (_lock)
        {
            _chunkTopic = chunkTopic;
            _generation++;
        }
    }

    /// <summary>Adds a message of one of the device's topics; one of another topic is ignored.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="data">Holds the payload, which is copied.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="count">Number of bytes, 0 or more.</param>
    /// <returns>Whether it was taken.</returns>
    public bool Add(string topic, byte[] data, int offset, int count)
    {
        lock (_lock)
        {
            MessageKind kind = KindOf(topic);
            if (kind == MessageKind.None)
                return false;
            int record = count > ushort.MaxValue ? -1 : Reserve(HeadBytes + count);
            if (record < 0)
            {
                Dropped++;
                return false;
            }
            _ring[record] = (byte)kind;
            _ring[record + 1] = _generation;
            _ring[record + 2] = (byte)count;
            _ring[record + 3] = (byte)(count >> 8);
            Array.Copy(data, offset, _ring, record + HeadBytes, count);
            _count++;
            return true;
        }
    }

    /// <summary>Finds the oldest message. It stays where it is until <see cref="Release"/>.</summary>
    /// <returns>Its kind, or <see cref="MessageKind.None"/> where there is none.</returns>
    public MessageKind Take()
    {
        lock (_lock)
        {
            while (_count > 0)
            {
                if (_first > _ring.Length - HeadBytes || _ring[_first] == (byte)MessageKind.None)
                    _first = 0;
                Offset = _first + HeadBytes;
                Length = _ring[_first + 2] | (_ring[_first + 3] << 8);
                var kind = (MessageKind)_ring[_first];
                if (kind != MessageKind.Chunk || _ring[_first + 1] == _generation)
                    return kind;
                Free();
            }
            return MessageKind.None;
        }
    }

    /// <summary>Removes the message that <see cref="Take"/> found.</summary>
    public void Release()
    {
        lock (_lock)
            Free();
    }

    /// <summary>Removes all messages: they belong to a connection that has ended.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _count = 0;
            _first = 0;
            _end = 0;
        }
    }

    private void Free()
    {
        _first = Offset + Length;
        _count--;
        if (_count == 0)
        {
            _first = 0;
            _end = 0;
        }
    }

    /// <summary>Room for a record behind the last one, or -1.</summary>
    private int Reserve(int bytes)
    {
        int record = _end;
        bool isWrapped = _count > 0 && _end <= _first;
        int limit = isWrapped ? _first : _ring.Length;
        if (bytes > limit - record)
        {
            if (isWrapped || bytes > _first)
                return -1;
            if (record <= _ring.Length - HeadBytes)
                _ring[record] = (byte)MessageKind.None;
            record = 0;
        }
        _end = record + bytes;
        return record;
    }

    private MessageKind KindOf(string topic)
    {
        return topic == _chunkTopic ? MessageKind.Chunk : topic == _topics.Desired ? MessageKind.Desired
            : topic == _topics.Acknowledgement ? MessageKind.Acknowledgement : MessageKind.None;
    }
}
