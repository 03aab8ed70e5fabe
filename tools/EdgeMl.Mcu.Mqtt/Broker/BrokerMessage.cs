using System.Buffers;
using System.Text;
using EdgeMl.Mcu.Mqtt.Packets;

namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>A message that the broker holds once for all that it goes to, in memory that is used again.</summary>
/// <remarks>
/// Whoever makes or gets a message holds one reference and releases it once. Queues and the retained messages hold references of their own.
/// After the last release the memory belongs to another message.
/// </remarks>
internal sealed class BrokerMessage
{
    private readonly byte[] _buffer;
    private readonly MessagePool? _pool;
    private int _topicBytes, _payloadBytes, _references;

    /// <summary>Made by <see cref="MessagePool"/>.</summary>
    /// <param name="buffer">Memory for topic and payload.</param>
    /// <param name="pool">Where the message goes when it is not in use; null: the buffer goes to the shared array pool.</param>
    internal BrokerMessage(byte[] buffer, MessagePool? pool)
    {
        _buffer = buffer;
        _pool = pool;
    }

    /// <summary>The topic name in UTF-8.</summary>
    public ReadOnlySpan<byte> Topic => _buffer.AsSpan(0, _topicBytes);

    public ReadOnlySpan<byte> Payload => _buffer.AsSpan(_topicBytes, _payloadBytes);

    /// <summary>The quality of service that it was published with.</summary>
    public QualityOfService Quality { get; private set; }

    /// <summary>What it takes of a limit in bytes.</summary>
    public int Bytes => _buffer.Length;

    public static BrokerMessage Create(in PublishPacket packet)
    {
        BrokerMessage message = Rent((int)packet.Topic.Length, (int)packet.Payload.Length, packet.Quality);
        packet.Topic.CopyTo(message._buffer);
        packet.Payload.CopyTo(message._buffer.AsSpan(message._topicBytes));
        return message;
    }

    public static BrokerMessage Create(MqttMessage source)
    {
        BrokerMessage message = Rent(Encoding.UTF8.GetByteCount(source.Topic), source.Payload.Length, source.Quality);
        Encoding.UTF8.GetBytes(source.Topic, message._buffer);
        source.Payload.Span.CopyTo(message._buffer.AsSpan(message._topicBytes));
        return message;
    }

    /// <summary>A copy that lives on its own.</summary>
    public MqttMessage ToMessage(bool retain) => new(Encoding.UTF8.GetString(Topic), Payload.ToArray(), Quality, retain);

    public void AddReference() => Interlocked.Increment(ref _references);

    public void Release()
    {
        int left = Interlocked.Decrement(ref _references);
        if (left > 0)
            return;
        if (left < 0)
            throw new InvalidOperationException("A message was released too often.");
        if (_pool is null)
            ArrayPool<byte>.Shared.Return(_buffer);
        else
            _pool.Return(this);
    }

    private static BrokerMessage Rent(int topicBytes, int payloadBytes, QualityOfService quality)
    {
        BrokerMessage message = MessagePool.Rent(topicBytes + payloadBytes);
        message._topicBytes = topicBytes;
        message._payloadBytes = payloadBytes;
        message._references = 1;
        message.Quality = quality;
        return message;
    }
}
