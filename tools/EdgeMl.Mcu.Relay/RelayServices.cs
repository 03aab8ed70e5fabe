using System.Net;
using System.Net.Security;
using Dapper;
using EdgeMl.Mcu.Mqtt.Broker;
using EdgeMl.Mcu.Relay.Dispatch;
using EdgeMl.Mcu.Relay.Fleet;
using EdgeMl.Mcu.Relay.Messages;
using EdgeMl.Mcu.Relay.Registry;
using EdgeMl.Mcu.Relay.Rollouts;
using EdgeMl.Mcu.Relay.Storage;
using Microsoft.Extensions.Logging;

namespace EdgeMl.Mcu.Relay;

/// <summary>The parts of a relay, put together.</summary>
internal sealed class RelayServices : IAsyncDisposable
{
    private const int DatabasePageBytes = 4_096;
    private const int ReminderGrowth = 40;
    private static readonly TimeSpan StepEvery = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _rolloutWork = new(0, 1);
    private readonly DataFolder _folder;
    private readonly ILogger _logger;
    private Task[] _running = [];

    /// <summary>Opens the data folder and puts the parts together; nothing runs yet.</summary>
    public RelayServices(RelayOptions options, ILoggerFactory loggers)
    {
        Options = options;
        Topics = new FleetTopics(options.Fleet);
        Clock = new RelayClock(options.TimeProvider);
        _logger = loggers.CreateLogger<RelayServices>();
        _folder = new DataFolder(options.DataFolder);
        try
        {
            Store = new Store(_folder, connection => LimitSize(connection, options));
            var blobs = new BlobStore(_folder);
            var index = new BlobIndex();
            ApiKeys = new ApiKeys(Store, Clock);
            PublisherKeys = new PublisherKeys(Store, Clock);
            Artifacts = new ArtifactRegistry(Store, blobs, PublisherKeys, index, Clock);
            Directory = new DeviceDirectory(Store);
            Devices = new DeviceService(Store, Directory, Clock);
            var deltas = new DeltaCache(Store, blobs, index);
            var delays = new RetryDelays(options.RetryDelay);
            Rollouts = new RolloutService(Store, Artifacts, deltas, delays, Clock);
            Link = MakeLink(options, loggers);
            Chunks = new ChunkServer(Link, Topics, index, blobs, Clock, Counters, loggers.CreateLogger<ChunkServer>());
            Reminders = new Reminders(options.ReminderDelay, options.ReminderDelay * ReminderGrowth);
            Dispatcher = new Dispatcher(
                Store, Link, Topics, Directory, new UplinkWriter(new OutcomeWriter(Artifacts, delays, Clock), Clock, Counters, options.ResultsPerDeviceMax),
                new DownlinkComposer(Topics, Directory, Artifacts, deltas, PublisherKeys, Chunks, Clock), Chunks, Reminders, Clock, Counters, loggers.CreateLogger<Dispatcher>());
        }
        catch
        {
            Store?.Dispose();
            _folder.Dispose();
            throw;
        }
    }

    public RelayOptions Options { get; }

    public FleetTopics Topics { get; }

    public RelayClock Clock { get; }

    public RelayCounters Counters { get; } = new();

    public Store Store { get; }

    public ApiKeys ApiKeys { get; }

    public PublisherKeys PublisherKeys { get; }

    public ArtifactRegistry Artifacts { get; }

    public DeviceDirectory Directory { get; }

    public DeviceService Devices { get; }

    public RolloutService Rollouts { get; }

    public IRelayLink Link { get; }

    public ChunkServer Chunks { get; }

    public Reminders Reminders { get; }

    public Dispatcher Dispatcher { get; }

    /// <summary>The first API key of a new relay; null later.</summary>
    public string? FirstApiKey { get; private set; }

    /// <summary>Where the embedded broker listens; null for an external one.</summary>
    public IPEndPoint? BrokerEndPoint => Link is EmbeddedLink { Broker.EndPoints: [{ } first, ..] } ? first : null;

    /// <summary>The broker's address as devices are told, without secrets.</summary>
    public string PublicBroker
    {
        get
        {
            string scheme = Options.Certificate is null ? "mqtt" : "mqtts";
            string address = Options.PublicBroker?.ToString() ?? Options.Broker?.ToString() ?? $"{scheme}://{BrokerEndPoint}";
            var uri = new UriBuilder(address) { UserName = string.Empty, Password = string.Empty };
            return uri.Uri.ToString().TrimEnd('/');
        }
    }

    /// <summary>Makes the first keys, connects to the broker and starts to work.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        FirstApiKey = await ApiKeys.CreateFirstAsync(key => DataFolder.WriteWhole(_folder.FirstKey, System.Text.Encoding.ASCII.GetBytes(key + "\n")));
        if (Options.PublisherKey is not null)
            await PublisherKeys.AddAsync(new Actor("start", Client.Role.Publisher), Options.PublisherKey, null);
        if (!Link.SurvivesRelay)
            await Store.WriteAsync(connection => connection.Execute("update session set online = 0 where online = 1"));
        Rollouts.OnChanged = WakeRollouts;
        Dispatcher.OnOutcome = WakeRollouts;
        Rollouts.OnOrdered = devices => Forward(() => Dispatcher.OrderAsync(devices, _stop.Token));
        _running = [Task.Run(RunRolloutsAsync, CancellationToken.None), Guard(Dispatcher.RunAsync), Guard(Chunks.RunAsync)];
        await Link.StartAsync(Dispatcher.Filters, Dispatcher.HandleAsync, OnConnected, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Link.DisposeAsync();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Store.Dispose();
        _folder.Dispose();
        _rolloutWork.Dispose();
        _stop.Dispose();
    }

    private IRelayLink MakeLink(RelayOptions options, ILoggerFactory loggers)
    {
        if (options.Broker is { } address)
            return new ExternalLink(address, $"edgeml-relay-{options.Fleet}", loggers.CreateLogger<ExternalLink>());
        SslServerAuthenticationOptions? tls = options.Certificate is { } certificate ? new SslServerAuthenticationOptions { ServerCertificate = certificate } : null;
        Access = new FleetAccess(Directory, Topics);
        return new EmbeddedLink(new MqttBroker(new BrokerOptions
        {
            Access = Access,
            Listeners = [new BrokerListener(options.BrokerEndPoint, tls)],
            Observer = new ConnectionCounter(device => Dispatcher?.Offline(device)).Observe,
        }));
    }

    /// <summary>The rules of the embedded broker; null for an external one.</summary>
    public FleetAccess? Access { get; private set; }

    private static void LimitSize(Microsoft.Data.Sqlite.SqliteConnection connection, RelayOptions options)
    {
        if (options.DatabaseBytesMax is { } bytes)
            connection.Execute($"pragma max_page_count = {Math.Max(1, bytes / DatabasePageBytes)}");
    }

    private void OnConnected()
    {
        if (Link.SurvivesRelay)
            Forward(() => Dispatcher.RemindAllAsync(_stop.Token));
        WakeRollouts();
    }

    // Not awaited by whoever causes it: it waits where queues are full.
    private static void Forward(Func<Task> work) => _ = Task.Run(async () =>
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (exception is OperationCanceledException or RelayException)
        {
            // The relay stops, or the database refuses: devices are reminded or ask.
        }
    });

    private Task Guard(Func<CancellationToken, Task> run) => Task.Run(async () =>
    {
        try
        {
            await run(_stop.Token);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            RelayLog.PartFailed(_logger, exception);
            Environment.FailFast("A part of the relay has failed.", exception);
        }
    });

    private void WakeRollouts()
    {
        try
        {
            if (_rolloutWork.CurrentCount == 0)
                _rolloutWork.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else has woken them at the same moment.
        }
    }

    private async Task RunRolloutsAsync()
    {
        TimeSpan last = Clock.Elapsed;
        while (!_stop.IsCancellationRequested)
        {
            await ((Task)_rolloutWork.WaitAsync(StepEvery, _stop.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            TimeSpan now = Clock.Elapsed;
            try
            {
                while (await Rollouts.StepAsync(now - last))
                    (last, now) = (now, Clock.Elapsed);
            }
            catch (RelayException exception)
            {
                RelayLog.RolloutsWait(_logger, exception.Message);
            }
            last = now;
        }
    }
}
