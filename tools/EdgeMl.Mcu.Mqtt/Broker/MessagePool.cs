using System.Buffers;
using System.Collections.Concurrent;

namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>Messages that are not in use, with their buffers, by size.</summary>
/// <remarks>
/// The shared array pool keeps a few dozen arrays of a size. A broker has a thousand messages on the way as soon as a subscriber lags, so it keeps
/// small buffers itself: at most <see cref="BytesMax"/> of each size.
/// </remarks>
internal sealed class MessagePool
{
    private const int BytesMax = 4 << 20;

    private static readonly MessagePool[] BySize = [new(128), new(512), new(2_048), new(8_192)];

    private readonly ConcurrentQueue<BrokerMessage> _free = new();
    private readonly int _bufferBytes;
    private int _count;

    private MessagePool(int bufferBytes) => _bufferBytes = bufferBytes;

    /// <summary>A message with a buffer of at least a size.</summary>
    public static BrokerMessage Rent(int bytes)
    {
        foreach (MessagePool pool in BySize)
        {
            if (bytes <= pool._bufferBytes)
                return pool.Take();
        }
        return new BrokerMessage(ArrayPool<byte>.Shared.Rent(bytes), pool: null);
    }

    /// <summary>Takes a message back, with its buffer.</summary>
    public void Return(BrokerMessage message)
    {
        if (Interlocked.Increment(ref _count) <= BytesMax / _bufferBytes)
            _free.Enqueue(message);
        else
            Interlocked.Decrement(ref _count);
    }

    private BrokerMessage Take()
    {
        if (!_free.TryDequeue(out BrokerMessage? message))
            return new BrokerMessage(new byte[_bufferBytes], this);
        Interlocked.Decrement(ref _count);
        return message;
    }
}
