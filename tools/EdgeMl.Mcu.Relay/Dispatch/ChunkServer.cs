using System.Threading.Channels;
using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Mqtt;
using EdgeMl.Mcu.Relay.Messages;
using EdgeMl.Mcu.Relay.Registry;
using EdgeMl.Mcu.Relay.Storage;
using Microsoft.Extensions.Logging;

namespace EdgeMl.Mcu.Relay.Dispatch;

/// <summary>Publishes the chunks that devices ask for, once for all that ask together. Thread-safe.</summary>
internal sealed partial class ChunkServer(IRelayLink link, FleetTopics topics, BlobIndex index, BlobStore blobs, RelayClock clock, RelayCounters counters, ILogger logger)
{
    private const int ChunkHeadBytes = 16;
    private const int CampaignsMax = 1_024;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<BlobName, Entry> _entries = [];
    private readonly Channel<bool> _work = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>A device was told of a blob.</summary>
    public void Expect(ReadOnlySpan<byte> blob, string device)
    {
        lock (_lock)
            Find(BlobName.Of(blob))?.Campaign.Expect(device, clock.Elapsed);
    }

    /// <summary>A device will not ask for anything.</summary>
    public void Forget(string device)
    {
        lock (_lock)
        {
            foreach (Entry entry in _entries.Values)
                entry.Campaign.Forget(device);
        }
    }

    /// <summary>A device asks.</summary>
    public void Request(string device, ChunkRequest request)
    {
        Interlocked.Increment(ref counters.ChunkRequests);
        lock (_lock)
        {
            if (Find(request.Blob) is not { } entry)
            {
                Interlocked.Increment(ref counters.Malformed);
                return;
            }
            entry.Campaign.Request(device, request.First, request.Mask, clock.Elapsed);
        }
        _work.Writer.TryWrite(true);
    }

    /// <summary>Publishes until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _work.Reader.ReadAsync(cancellationToken);
            while (HasWork())
            {
                await PublishDueAsync(cancellationToken);
                await Task.Delay(Tick, cancellationToken);
            }
        }
    }

    private async Task PublishDueAsync(CancellationToken cancellationToken)
    {
        foreach ((Entry entry, int chunk) in TakeDue())
        {
            try
            {
                await link.PublishAsync(new MqttMessage(entry.Topic, entry.Encode(chunk)), cancellationToken);
                Interlocked.Increment(ref counters.ChunksPublished);
            }
            catch (MqttException)
            {
                // Devices ask again when the broker is back.
                return;
            }
            catch (RelayException exception)
            {
                LogUnreadable(entry.Topic, exception.Message);
                return;
            }
        }
    }

    private List<(Entry, int)> TakeDue()
    {
        TimeSpan now = clock.Elapsed;
        lock (_lock)
        {
            return [.. _entries.Values.SelectMany(entry => entry.Campaign.Due(now).Select(chunk => (entry, chunk)))];
        }
    }

    private bool HasWork()
    {
        lock (_lock)
            return _entries.Values.Any(entry => entry.Campaign.HasWork);
    }

    private Entry? Find(BlobName name)
    {
        if (_entries.TryGetValue(name, out Entry? entry) && !entry.Campaign.IsOver(clock.Elapsed))
            return entry;
        if (index.Find(name) is not { } blob)
            return null;
        if (_entries.Count >= CampaignsMax && entry is null)
            _entries.Remove(_entries.MinBy(pair => pair.Value.Campaign.LastRequest).Key);
        return _entries[name] = new Entry(blob.Id, blob.Length, blob.ChunkBytes, topics.Chunk(blob.Id), blobs);
    }

    [LoggerMessage(LogLevel.Error, "Chunks of {Topic} cannot be read: {Reason}")]
    private partial void LogUnreadable(string topic, string reason);

    private sealed class Entry(byte[] id, int length, int chunkBytes, string topic, BlobStore blobs)
    {
        private byte[]? _content;

        public ChunkCampaign Campaign { get; } = new((length + chunkBytes - 1) / chunkBytes, ChunkTiming.Default);

        public string Topic => topic;

        public ReadOnlyMemory<byte> Encode(int chunk)
        {
            _content ??= blobs.Read(id);
            int start = chunk * chunkBytes;
            int count = Math.Min(chunkBytes, _content.Length - start);
            byte[] buffer = new byte[count + ChunkHeadBytes];
            var writer = new CborWriter();
            writer.Reset(buffer, 0, buffer.Length);
            writer.WriteArray(2);
            writer.WriteInteger(chunk);
            writer.WriteBytes(_content, start, count);
            return buffer.AsMemory(0, writer.Length);
        }
    }
}
