namespace EdgeMl.Mcu.Benchmarks.Mqtt;

/// <summary>How far each receiver is, so that senders stay within what brokers keep in their queues. Thread-safe.</summary>
internal sealed class Progress(int receivers)
{
    private static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(10);

    private readonly long[] _received = new long[receivers];
    private readonly object _lock = new();

    /// <summary>What all receivers have got together.</summary>
    public long Total
    {
        get
        {
            lock (_lock)
                return _received.Sum();
        }
    }

    public void Add(int receiver, int count)
    {
        lock (_lock)
        {
            _received[receiver] += count;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Blocks until every receiver has got a number of messages; false if it was stopped before.</summary>
    public bool WaitFor(long count, CancellationToken stop)
    {
        lock (_lock)
        {
            while (!stop.IsCancellationRequested && _received.Min() < count)
            {
                if (!Monitor.Wait(_lock, LostAfter))
                    throw new TimeoutException($"{string.Join(',', _received)} of {count} messages arrived within {LostAfter.TotalSeconds} s.");
            }
            return !stop.IsCancellationRequested;
        }
    }
}
