namespace EdgeMl.Mcu.Relay.Dispatch;

/// <summary>Which chunks of one blob to publish when. Time is what has gone by on a clock that goes evenly. Not thread-safe.</summary>
/// <remarks>
/// Every publish reaches all devices that have subscribed, and a device asks for the next chunks when it has taken the ones before. So chunks go out in waves: one begins when
/// all devices that take part have asked since the last one, or those that have not are late. What is new does not wait for repeats, which are collected up to the end
/// where that is near. A chunk goes out again only for a request that came so long after its last publish that the two did not cross.
/// </remarks>
internal sealed class ChunkCampaign(int chunkCount, ChunkTiming timing)
{
    private const int DoublingsMax = 5;
    private const int GraceToRoundTrip = 2;

    // The time in which half of the devices ask, times this, is the longest that is taken as a round trip: the last ones may have lost messages.
    private const int HalfToRoundTrip = 2;

    private readonly Chunk[] _chunks = new Chunk[chunkCount];
    private readonly SortedSet<int> _wanted = [];

    // Devices that take part, and those of them that have asked since the last wave.
    private readonly HashSet<string> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private TimeSpan _firstExpected, _lastExpected, _firstAsked, _halfAsked, _lastAsked, _lastWave, _roundTrip;

    /// <summary>When a device asked last; zero for never.</summary>
    public TimeSpan LastRequest { get; private set; }

    /// <summary>Whether any chunk waits for its publish.</summary>
    public bool HasWork => _wanted.Count > 0;

    /// <summary>Whether nobody has asked for so long that whoever asks next begins anew.</summary>
    public bool IsOver(TimeSpan now) => LastRequest > TimeSpan.Zero && !HasWork && now - LastRequest > timing.Idle;

    /// <summary>A device was told of the blob, and will ask for it.</summary>
    public void Expect(string device, TimeSpan now)
    {
        if (!HasWork && LastRequest > TimeSpan.Zero && now - LastRequest > timing.Quiet)
            BeginAnew();
        if (!_members.Add(device))
            return;
        _lastExpected = now;
        if (_firstExpected == TimeSpan.Zero)
            _firstExpected = now;
    }

    /// <summary>A device will not ask any more.</summary>
    public void Forget(string device)
    {
        _members.Remove(device);
        _asked.Remove(device);
    }

    /// <summary>A device asks for chunks first + i for each bit i of mask.</summary>
    public void Request(string device, int first, uint mask, TimeSpan now)
    {
        LastRequest = now;
        bool isNews = false;
        for (; mask != 0; mask &= mask - 1)
        {
            int index = first + System.Numerics.BitOperations.TrailingZeroCount(mask);
            if (index >= chunkCount || (!_wanted.Contains(index) && HasCrossed(_chunks[index], now)))
                continue;
            isNews = true;
            if (_wanted.Add(index))
                _chunks[index].Wanted = now;
        }
        if (!isNews)
            return;
        _members.Add(device);
        if (!_asked.Add(device))
            return;
        _lastAsked = now;
        if (_asked.Count == 1)
            (_firstAsked, _halfAsked) = (now, TimeSpan.Zero);
        if (_halfAsked == TimeSpan.Zero && _asked.Count * 2 >= _members.Count)
            _halfAsked = now;
    }

    /// <summary>The chunks to be published now, lowest first; they count as published.</summary>
    public IReadOnlyList<int> Due(TimeSpan now)
    {
        if (_wanted.Count == 0 || !IsWaveDue(now))
            return [];
        bool hasNew = _wanted.Any(index => _chunks[index].Publishes == 0);
        int[] due = [.. _wanted.Where(index => _chunks[index].Publishes == 0 || !hasNew || now - _chunks[index].Wanted >= timing.RepeatMax)];
        foreach (int index in due)
        {
            _wanted.Remove(index);
            _chunks[index].Publishes++;
            _chunks[index].Published = now;
        }
        BeginWave(now);
        return due;
    }

    // Another order of the same blob, at rest since the last one: its waits and publishes say nothing of this one. Whoever is late asks again.
    private void BeginAnew()
    {
        Array.Clear(_chunks);
        _members.Clear();
        _asked.Clear();
        (_firstExpected, _lastExpected, _lastWave, _roundTrip) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
    }

    private bool IsWaveDue(TimeSpan now)
    {
        // What is left was wanted before the last wave.
        if (_asked.Count == 0)
            return now - _lastWave >= timing.RepeatMax;
        bool isComplete = _asked.Count >= _members.Count && now - _lastExpected >= timing.Settle;
        return now - _firstAsked >= (isComplete ? timing.Window : timing.GatherMax) || now - _lastAsked >= Longer(timing.Quiet, _roundTrip);
    }

    private void BeginWave(TimeSpan now)
    {
        if (_asked.Count < _members.Count)
            // Whoever is late is waited for again when it has asked again.
            _members.IntersectWith(_asked);
        else if ((_lastWave > TimeSpan.Zero ? _lastWave : _firstExpected) is { Ticks: > 0 } sent)
            _roundTrip = Shorter((_halfAsked - sent) * HalfToRoundTrip, _lastAsked - sent);
        _asked.Clear();
        _lastWave = now;
    }

    // Whether a request of this moment was sent before the chunk's last publish could arrive.
    private bool HasCrossed(Chunk chunk, TimeSpan now)
    {
        if (chunk.Publishes == 0)
            return false;
        TimeSpan once = Longer(timing.GraceBase + (timing.GracePerDevice * _members.Count), _roundTrip * GraceToRoundTrip);
        TimeSpan grace = once * (1 << Math.Min(chunk.Publishes - 1, DoublingsMax));
        TimeSpan limit = Shorter(timing.GraceMax, Longer(timing.GraceMaxBase + (timing.GraceMaxPerDevice * _members.Count), once));
        return now - chunk.Published < Shorter(grace, limit);
    }

    private static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private static TimeSpan Longer(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private struct Chunk
    {
        public int Publishes;
        public TimeSpan Published;
        public TimeSpan Wanted;
    }
}
