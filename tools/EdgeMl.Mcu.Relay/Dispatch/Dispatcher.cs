using System.Threading.Channels;
using Dapper;
using EdgeMl.Mcu.Mqtt;
using EdgeMl.Mcu.Relay.Fleet;
using EdgeMl.Mcu.Relay.Messages;
using EdgeMl.Mcu.Relay.Storage;
using Microsoft.Extensions.Logging;

namespace EdgeMl.Mcu.Relay.Dispatch;

/// <summary>Takes messages from devices, stores them in batches, and answers after the commit.</summary>
/// <remarks>Every queue is bounded: where one is full, the broker stops reading from devices.</remarks>
internal sealed partial class Dispatcher(
    Store store, IRelayLink link, FleetTopics topics, DeviceDirectory devices, UplinkWriter writer, DownlinkComposer composer, ChunkServer chunks, Reminders reminders,
    RelayClock clock, RelayCounters counters, ILogger<Dispatcher> logger)
{
    private const int QueueMax = 4_096;
    private const int BatchMax = 256;
    private const int SendersMax = 64;
    private const int RemindersPerSweep = 500;

    private static readonly string[] Kinds = ["hello", "status", "result", "request", "offline"];

    private readonly Channel<Uplink> _uplinks = Channel.CreateBounded<Uplink>(new BoundedChannelOptions(QueueMax) { SingleReader = true });
    private readonly Channel<Downlink> _downlinks = Channel.CreateBounded<Downlink>(QueueMax);

    /// <summary>Is told that a rollout may have something to do.</summary>
    public Action OnOutcome { get; set; } = () => { };

    /// <summary>What to subscribe to.</summary>
    public IReadOnlyList<string> Filters => [.. Kinds.Select(topics.UpFilter)];

    /// <summary>Messages that wait for the database.</summary>
    public int UplinksWaiting => _uplinks.Reader.Count;

    /// <summary>Messages that wait to be sent.</summary>
    public int DownlinksWaiting => _downlinks.Reader.Count;

    /// <summary>Takes a message from the broker.</summary>
    public ValueTask HandleAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        if (!topics.TryParseUp(message.Topic, out string device, out string kind) || devices.Find(device) is not { } secrets)
        {
            Interlocked.Increment(ref counters.Unverified);
            return ValueTask.CompletedTask;
        }
        if (kind == "request")
        {
            if (ChunkRequest.Read(message.Payload.Span) is { } request)
                chunks.Request(device, request);
            else
                Interlocked.Increment(ref counters.Malformed);
            return ValueTask.CompletedTask;
        }
        if (kind == "offline")
        {
            // The embedded broker says itself when a connection ends, and is not late when a device has come back already.
            if (link.SurvivesRelay)
                Offline(device);
            return ValueTask.CompletedTask;
        }
        if (Envelopes.Open(secrets.MessageKey, message.Topic, message.Payload) is not { } body)
        {
            Interlocked.Increment(ref counters.Unverified);
            return ValueTask.CompletedTask;
        }
        if (Read(device, kind, body) is { } uplink)
            return _uplinks.Writer.WriteAsync(uplink, cancellationToken);
        Interlocked.Increment(ref counters.Malformed);
        return ValueTask.CompletedTask;
    }

    /// <summary>A device has no connection any more.</summary>
    public void Offline(string device)
    {
        chunks.Forget(device);
        reminders.Remove(device);
        // Where the queue is full, the device counts as connected until it is.
        _uplinks.Writer.TryWrite(new OfflineUplink(device));
    }

    /// <summary>Tells devices what to run, as far as they are connected.</summary>
    public async Task RemindAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        foreach (string id in ids)
            await _uplinks.Writer.WriteAsync(new RemindUplink(id), cancellationToken);
    }

    /// <summary>Tells devices that have new orders, as far as they are connected. All of them are expected to ask before the first one is told, so that they share the chunks.</summary>
    public Task OrderAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        Dictionary<string, byte[]> manifests = store.Read(connection => connection.Query<(string Device, byte[] Manifest)>(
            "select d.id, d.order_manifest from device d join session s on s.device = d.id where s.online = 1 and d.order_manifest is not null and d.order_rollback = 0")
            .ToDictionary(row => row.Device, row => row.Manifest, StringComparer.Ordinal));
        foreach (string id in ids)
        {
            if (manifests.TryGetValue(id, out byte[]? manifest))
                chunks.Expect(manifest, id);
        }
        return RemindAsync(ids, cancellationToken);
    }

    /// <summary>Tells all connected devices that have an order; for a relay that comes back to a broker to which devices stayed connected.</summary>
    public Task RemindAllAsync(CancellationToken cancellationToken) => RemindAsync(
        store.Read(connection => connection.Query<string>("select d.id from device d join session s on s.device = d.id where s.online = 1 and d.order_rollout is not null").ToArray()),
        cancellationToken);

    /// <summary>Stores, answers and reminds until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll([StoreAsync(cancellationToken), SweepAsync(cancellationToken), .. Enumerable.Range(0, link.SurvivesRelay ? SendersMax : 1).Select(_ => SendAsync(cancellationToken))]);

    private static Uplink? Read(string device, string kind, byte[] body) => kind switch
    {
        "hello" => DeviceHello.Read(body) is { } hello ? new HelloUplink(device, hello) : null,
        "status" => DeviceStatus.Read(body) is { } status ? new StatusUplink(device, status) : null,
        _ => DeviceResults.Read(body) is { } results ? new ResultsUplink(device, results) : null,
    };

    private async Task StoreAsync(CancellationToken cancellationToken)
    {
        var batch = new List<Uplink>(BatchMax);
        while (await _uplinks.Reader.WaitToReadAsync(cancellationToken))
        {
            batch.Clear();
            while (batch.Count < BatchMax && _uplinks.Reader.TryRead(out Uplink? uplink))
                batch.Add(uplink);
            try
            {
                await StoreAsync(batch, cancellationToken);
            }
            catch (RelayException exception)
            {
                // Devices repeat what is not answered.
                Interlocked.Increment(ref counters.StorageFailures);
                LogNotStored(batch.Count, exception.Message);
            }
        }
    }

    private async Task StoreAsync(List<Uplink> batch, CancellationToken cancellationToken)
    {
        var answers = new List<Downlink>();
        bool[] outcomes = await store.WriteAsync(connection =>
        {
            answers.Clear();
            return batch.Select(uplink => writer.Write(connection, uplink, answers)).ToArray();
        });
        for (int i = 0; i < batch.Count; i++)
        {
            if (batch[i] is StatusUplink && outcomes[i])
            {
                chunks.Forget(batch[i].Device);
                reminders.Remove(batch[i].Device);
            }
            else if (batch[i] is StatusUplink)
            {
                reminders.Heard(batch[i].Device, clock.Elapsed);
            }
        }
        foreach (Downlink answer in answers)
            await _downlinks.Writer.WriteAsync(answer, cancellationToken);
        if (outcomes.Contains(true))
            OnOutcome();
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        await foreach (Downlink downlink in _downlinks.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                if (composer.Compose(downlink) is not { } message)
                    continue;
                if (downlink.IsDesired && downlink.Session.Rollout is not null)
                    reminders.Sent(downlink.Session.Device, clock.Elapsed);
                await link.PublishAsync(message, cancellationToken);
                Interlocked.Increment(ref downlink.IsDesired ? ref counters.DesiredSent : ref counters.AcksSent);
            }
            catch (Exception exception) when (exception is MqttException or RelayException)
            {
                // The device asks again, or is reminded.
                LogNotSent(downlink.Session.Device, exception.Message);
            }
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (link.IsConnected)
                await RemindAsync(reminders.TakeDue(clock.Elapsed, RemindersPerSweep), cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Error, "{Count} messages were not stored: {Reason}")]
    private partial void LogNotStored(int count, string reason);

    [LoggerMessage(LogLevel.Warning, "A message to {Device} was not sent: {Reason}")]
    private partial void LogNotSent(string device, string reason);
}
