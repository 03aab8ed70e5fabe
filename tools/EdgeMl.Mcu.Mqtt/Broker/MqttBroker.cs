using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using EdgeMl.Mcu.Mqtt.Client;

namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>The embedded broker: MQTT 3.1.1 with QoS 0, 1 and 2, retained messages, wills and persistent sessions, all in memory.</summary>
/// <remarks>
/// Subscriptions of one client that overlap give it a message once, with their highest quality of service. QoS 0 messages are not kept for
/// clients that are away. What happens when a client is too slow: <see cref="BrokerLimits"/>.
/// </remarks>
public sealed class MqttBroker : IMqttBroker
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(250);

    private readonly BrokerOptions _options;
    private readonly BrokerCore _core;
    private readonly ConcurrentDictionary<BrokerConnection, Task> _connections = new();
    private readonly ConcurrentDictionary<InProcessSubscription, bool> _subscriptions = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<ConnectionListener> _listeners = [];
    private Task _running = Task.CompletedTask;
    private int _isStarted, _isStopped;

    /// <summary>Makes a broker that does not listen yet.</summary>
    /// <exception cref="ArgumentException">A limit is out of its range.</exception>
    public MqttBroker(BrokerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Limits.Check();
        _options = options;
        _core = new BrokerCore(options);
    }

    /// <inheritdoc/>
    public IReadOnlyList<IPEndPoint> EndPoints { get; private set; } = [];

    /// <inheritdoc/>
    public BrokerStatistics Statistics => _core.Counters.Snapshot(_core.Sessions.Count, _core.Router.RetainedCount);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_isStopped != 0, this);
        if (Interlocked.Exchange(ref _isStarted, 1) != 0)
            throw new InvalidOperationException("The broker was started already.");
        try
        {
            foreach (BrokerListener listener in _options.Listeners)
                _listeners.Add(new ConnectionListener(listener));
        }
        catch
        {
            _listeners.ForEach(listener => listener.Dispose());
            throw;
        }
        EndPoints = [.. _listeners.Select(listener => listener.EndPoint)];
        // Apart from the caller's synchronization context, if it has one.
        _running = Task.Run(
            () => Task.WhenAll([CheckAsync(), .. _listeners.Select(listener => listener.RunAsync(socket => Serve(socket, listener.Options), _stop.Token))]), CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask PublishAsync(MqttMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_isStopped != 0, this);
        _options.Limits.CheckLevels(message.Topic, nameof(message));
        _core.Publish(message);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IAsyncDisposable> SubscribeAsync(
        IReadOnlyCollection<string> filters, Func<MqttMessage, CancellationToken, ValueTask> handler, CancellationToken cancellationToken = default)
    {
        ClientArguments.ThrowIfNoFilters(filters);
        ArgumentNullException.ThrowIfNull(handler);
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_isStopped != 0, this);
        foreach (string filter in filters)
            _options.Limits.CheckLevels(filter, nameof(filters));
        var subscription = new InProcessSubscription(filters, handler, _options, ending =>
        {
            _core.Router.Remove(ending);
            _subscriptions.TryRemove(ending, out _);
        });
        _subscriptions[subscription] = true;
        _core.Router.Subscribe(subscription);
        return ValueTask.FromResult<IAsyncDisposable>(subscription);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isStopped, 1) != 0)
            return;
        await _stop.CancelAsync();
        _listeners.ForEach(listener => listener.Dispose());
        await _running;
        foreach (BrokerConnection connection in _connections.Keys)
            connection.Stop();
        try
        {
            await Task.WhenAll(_connections.Values).WaitAsync(_options.Limits.StopTimeout, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            foreach (BrokerConnection connection in _connections.Keys)
                connection.Abort("the broker stops");
        }
        await Task.WhenAll(_connections.Values);
        await Task.WhenAll(_subscriptions.Keys.Select(subscription => subscription.FinishAsync(_options.Limits.StopTimeout)));
        _stop.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => new(StopAsync());

    private void Serve(Socket socket, BrokerListener listener)
    {
        if (Interlocked.Increment(ref _core.Counters.Connections) > _options.Limits.ClientsMax)
        {
            Interlocked.Decrement(ref _core.Counters.Connections);
            Interlocked.Increment(ref _core.Counters.Refused);
            socket.Dispose();
            return;
        }
        var connection = new BrokerConnection(_core, socket, listener.Tls);
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections[connection] = running.Task;
        _ = RunAsync(connection, running);
    }

    private async Task RunAsync(BrokerConnection connection, TaskCompletionSource running)
    {
        await Task.Yield();
        await connection.RunAsync();
        _connections.TryRemove(connection, out _);
        Interlocked.Decrement(ref _core.Counters.Connections);
        running.SetResult();
    }

    private async Task CheckAsync()
    {
        using var timer = new PeriodicTimer(CheckInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                long now = Environment.TickCount64;
                foreach ((BrokerConnection connection, _) in _connections)
                    connection.CheckTimeouts(now);
                _core.Sessions.DiscardExpired(now);
            }
        }
        catch (OperationCanceledException)
        {
            // The broker stops.
        }
    }
}
