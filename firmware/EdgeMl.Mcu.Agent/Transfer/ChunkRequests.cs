using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Agent.Ports;
using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Agent.Timing;

namespace EdgeMl.Mcu.Agent.Transfer;

/// <summary>
/// Asks for the missing chunks of a blob: subscribes to its topic, has at most a window of chunks outstanding, asks for the next ones when all of those have come,
/// and repeats with back-off until then.
/// </summary>
public sealed class ChunkRequests
{
    // A request's mask has one bit for each chunk behind the first.
    private const int MaskBits = 32;
    private const int ChunkOverheadBytes = 16;

    private readonly AgentSettings _settings;
    private readonly DeviceLink _link;
    private readonly DeviceTopics _topics;
    private readonly Uplink _uplink;
    private readonly AgentCounters _counters;
    private readonly Backoff _retry;
    private BlockMap _chunks;
    private byte[] _id;
    private string _topic;
    private int _window;
    private int _first;
    private uint _mask;

    /// <summary>Creates it for no blob.</summary>
    public ChunkRequests(AgentSettings settings, DeviceLink link, DeviceTopics topics, Uplink uplink, RetrySchedule retries, AgentCounters counters)
    {
        _settings = settings;
        _link = link;
        _topics = topics;
        _uplink = uplink;
        _counters = counters;
        _retry = new Backoff(retries);
    }

    /// <summary>Takes a blob; <see cref="Start"/> begins to ask for it.</summary>
    /// <param name="id">SHA-256 of the blob.</param>
    /// <param name="chunks">Which of its chunks are there.</param>
    public void Use(byte[] id, BlockMap chunks)
    {
        _id = id;
        _chunks = chunks;
        int room = _settings.InboxBytes / (chunks.BlockBytes + ChunkOverheadBytes);
        _window = room < 1 ? 1 : room < _settings.Window ? room : _settings.Window;
    }

    /// <summary>Subscribes and asks at the next <see cref="Step"/>; again on a new connection.</summary>
    public void Start(long now)
    {
        if (_topic == null)
        {
            _topic = _topics.Chunk(_id, 0);
            _link.Inbox.Expect(_topic);
        }
        _link.Subscribe(_topic, 0);
        _retry.Restart(now);
    }

    /// <summary>Ends it.</summary>
    public void Stop()
    {
        if (_topic == null)
            return;
        _link.Unsubscribe(_topic);
        _link.Inbox.Expect(null);
        _topic = null;
        _retry.Reset();
    }

    /// <summary>Asks for chunks where it is time.</summary>
    public void Step(long now)
    {
        if (_link.Connection == 0 || !_retry.IsDue(now))
            return;
        if (_retry.Waits > 1)
            _link.Subscribe(_topic, 0);
        Choose();
        CborWriter writer = _uplink.Begin();
        writer.WriteArray(3);
        writer.WriteBytes(_id, 0, DeviceTopics.BlobNameBytes);
        writer.WriteInteger(_first);
        writer.WriteInteger(_mask);
        _uplink.SendPlain(_topics.Request, 0);
        _counters.Requests++;
        _retry.Next(now);
    }

    /// <summary>A chunk that was missing has come.</summary>
    public void OnChunk(int index, long now)
    {
        int bit = index - _first;
        if (bit >= 0 && bit < MaskBits)
            _mask &= ~(1u << bit);
        if (_mask == 0)
        {
            _retry.Restart(now);
            return;
        }
        _retry.Reset();
        _retry.Next(now);
    }

    /// <summary>Milliseconds until <see cref="Step"/> has something to do.</summary>
    public int Wait(long now)
    {
        return _link.Connection == 0 ? Deadline.Never : _retry.Remaining(now);
    }

    private void Choose()
    {
        _first = _chunks.NextMissing(0);
        _mask = 0;
        int index = _first;
        for (int chosen = 0; chosen < _window && index >= 0 && index - _first < MaskBits; chosen++)
        {
            _mask |= 1u << (index - _first);
            index = _chunks.NextMissing(index + 1);
        }
    }
}
