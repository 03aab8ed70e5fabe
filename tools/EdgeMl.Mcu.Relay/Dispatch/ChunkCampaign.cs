namespace EdgeMl.Mcu.Relay.Dispatch;

/// <summary>Which chunks of one blob to publish when. Time is what has gone by on a clock that goes evenly. Not thread-safe.</summary>
/// <remarks>
/// Every publish reaches all devices that have subscribed. So the first publish waits until the devices that are expected have asked, as long as more keep
/// coming, and a chunk goes out again only for a request that came so long after its last publish that the request and the chunk did not cross.
/// </remarks>
internal sealed class ChunkCampaign(int chunkCount, ChunkTiming timing)
{
    private const int DoublingsMax = 5;

    private readonly Chunk[] _chunks = new Chunk[chunkCount];
    private readonly SortedSet<int> _wanted = [];
    private readonly HashSet<string> _expected = new(StringComparer.Ordinal);
    private readonly HashSet<string> _arrived = new(StringComparer.Ordinal);
    private TimeSpan _firstArrival, _lastArrival;
    private int _arrivedOfExpected;
    private bool _isOpen;

    /// <summary>When a device asked last; zero for never.</summary>
    public TimeSpan LastRequest { get; private set; }

    /// <summary>Whether any chunk waits for its publish.</summary>
    public bool HasWork => _wanted.Count > 0;

    /// <summary>Whether nobody has asked for so long that whoever asks next begins anew.</summary>
    public bool IsOver(TimeSpan now) => LastRequest > TimeSpan.Zero && !HasWork && now - LastRequest > timing.Idle;

    /// <summary>A device was told of the blob, and will ask for it.</summary>
    public void Expect(string device)
    {
        if (_expected.Add(device) && _arrived.Contains(device))
            _arrivedOfExpected++;
    }

    /// <summary>A device will not ask any more.</summary>
    public void Forget(string device)
    {
        if (_expected.Remove(device) && _arrived.Contains(device))
            _arrivedOfExpected--;
    }

    /// <summary>A device asks for chunks first + i for each bit i of mask.</summary>
    public void Request(string device, int first, uint mask, TimeSpan now)
    {
        LastRequest = now;
        if (_arrived.Add(device))
        {
            if (_arrived.Count == 1)
                _firstArrival = now;
            _lastArrival = now;
            if (_expected.Contains(device))
                _arrivedOfExpected++;
        }
        for (; mask != 0; mask &= mask - 1)
        {
            int index = first + System.Numerics.BitOperations.TrailingZeroCount(mask);
            if (index < chunkCount && (_chunks[index].Publishes == 0 || now - _chunks[index].Published >= Grace(_chunks[index])) && _wanted.Add(index))
                _chunks[index].Wanted = now;
        }
    }

    /// <summary>The chunks to be published now, lowest first; they count as published.</summary>
    public IReadOnlyList<int> Due(TimeSpan now)
    {
        _isOpen |= _arrived.Count > 0 && (_arrivedOfExpected >= _expected.Count || now - _lastArrival >= timing.Quiet || now - _firstArrival >= timing.GatherMax);
        if (!_isOpen || _wanted.Count == 0)
            return [];
        int[] due = [.. _wanted.Where(index => IsDue(_chunks[index], now))];
        foreach (int index in due)
        {
            _wanted.Remove(index);
            _chunks[index].Publishes++;
            _chunks[index].Published = now;
        }
        return due;
    }

    private bool IsDue(Chunk chunk, TimeSpan now)
    {
        TimeSpan waited = now - chunk.Wanted;
        return chunk.Publishes == 0
            ? waited >= timing.Window
            : waited >= timing.RepeatMax || (waited >= timing.Window && now - _lastArrival >= timing.RepeatQuiet);
    }

    // Within it, whoever asks has asked before the chunk could arrive.
    private TimeSpan Grace(Chunk chunk) => (timing.GraceBase + (timing.GracePerDevice * _arrived.Count)) * (1 << Math.Min(chunk.Publishes - 1, DoublingsMax));

    private struct Chunk
    {
        public int Publishes;
        public TimeSpan Published;
        public TimeSpan Wanted;
    }
}
