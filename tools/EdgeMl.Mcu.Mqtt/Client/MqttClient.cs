using System.Collections.Concurrent;
using EdgeMl.Mcu.Mqtt.Packets;

namespace EdgeMl.Mcu.Mqtt.Client;

/// <summary>The client on this library's own codec. The rules stand at <see cref="IMqttClient"/> and <see cref="MqttClientOptions"/>.</summary>
public sealed class MqttClient : IMqttClient
{
    private readonly MqttClientOptions _options;
    private readonly PacketIds _ids = new();
    private readonly PublishWindow _window;
    private readonly MessageInbox _inbox;
    private readonly ConcurrentDictionary<string, QualityOfService> _subscriptions = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private Task _running = Task.CompletedTask, _handling = Task.CompletedTask;
    private bool _isStarted;
    private int _isStopped;

    /// <summary>Makes a client that is not connected yet.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public MqttClient(MqttClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _options = options;
        _window = new PublishWindow(options.InflightMax, _ids);
        _inbox = new MessageInbox(options);
    }

    /// <inheritdoc/>
    public bool IsConnected => _window.Connection is not null;

    /// <inheritdoc/>
    public async Task ConnectAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isStopped != 0, this);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        await _connecting.WaitAsync(either.Token);
        try
        {
            if (_isStarted)
                throw new InvalidOperationException("The client was connected already.");
            ClientConnection connection = await OpenAsync(either.Token);
            _isStarted = true;
            // Apart from the caller's synchronization context, if it has one.
            _handling = Task.Run(() => _inbox.RunAsync(_stop.Token), CancellationToken.None);
            _running = Task.Run(() => KeepConnectedAsync(connection), CancellationToken.None);
        }
        finally
        {
            _connecting.Release();
        }
    }

    /// <inheritdoc/>
    public async Task PublishAsync(MqttMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ClientArguments.ThrowIfExactlyOnce(message.Quality, nameof(message));
        if (message.Quality == QualityOfService.AtMostOnce)
        {
            await Connection().SendAsync(new OutgoingPublish(message, PacketId: 0, Duplicate: false), cancellationToken);
            return;
        }
        if (_isStopped != 0)
            throw NotConnected();
        (PendingPublish pending, ClientConnection? connection, OutgoingPublish packet) = await _window.AddAsync(message, cancellationToken);
        if (connection is not null)
            await connection.TrySendAsync(packet);
        await pending.Acknowledged.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task SubscribeAsync(string filter, QualityOfService quality, CancellationToken cancellationToken = default)
    {
        ClientArguments.ThrowIfNoFilter(filter);
        ClientArguments.ThrowIfExactlyOnce(quality);
        await SubscribeAsync(Connection(), [new SubscribeRequest(filter, quality)], cancellationToken);
        _subscriptions[filter] = quality;
    }

    /// <inheritdoc/>
    public async Task UnsubscribeAsync(string filter, CancellationToken cancellationToken = default)
    {
        ClientArguments.ThrowIfNoFilter(filter);
        _subscriptions.TryRemove(filter, out _);
        ushort id = _ids.Take();
        try
        {
            await Connection().RequestAsync(id, new UnsubscribePacket(id, [filter]), cancellationToken);
        }
        finally
        {
            _ids.Return(id);
        }
    }

    /// <inheritdoc/>
    public async Task DisconnectAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isStopped, 1) != 0)
            return;
        await _stop.CancelAsync();
        if (_window.Connection is { } connection)
            await connection.DisconnectAsync(cancellationToken);
        // Whoever is connecting sees the end of it first.
        await _connecting.WaitAsync(CancellationToken.None);
        await _running;
        _window.Close(new MqttException(MqttErrorCodes.ConnectionLost, "The client was disconnected before the broker acknowledged the message."));
        _inbox.Close();
        await _handling;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await DisconnectAsync();

    private async Task KeepConnectedAsync(ClientConnection? connection)
    {
        while (connection is not null)
        {
            _options.ConnectionHandler?.Invoke(new ConnectionChange(true, null));
            // The connection may have come about just after disconnecting looked for one.
            if (_stop.IsCancellationRequested)
                await connection.DisconnectAsync(CancellationToken.None);
            Exception reason = await connection.Ended;
            _window.Detach(connection);
            _options.ConnectionHandler?.Invoke(new ConnectionChange(false, reason));
            connection = await ReopenAsync();
        }
    }

    // Null when the client is disconnected for good.
    private async Task<ClientConnection?> ReopenAsync()
    {
        for (int failures = 0; ; failures++)
        {
            try
            {
                await Task.Delay(_options.ReconnectDelay.After(failures, Random.Shared.NextDouble()), _stop.Token);
                return await OpenAsync(_stop.Token);
            }
            catch (MqttException exception)
            {
                _options.ConnectionHandler?.Invoke(new ConnectionChange(false, exception));
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
    }

    private async Task<ClientConnection> OpenAsync(CancellationToken cancellationToken)
    {
        ClientConnection connection = await ClientConnection.OpenAsync(_options, cancellationToken);
        Task running = Task.Run(() => connection.RunAsync(_inbox, _window), CancellationToken.None);
        try
        {
            if (!connection.SessionPresent && !_subscriptions.IsEmpty)
                await SubscribeAsync(connection, [.. _subscriptions.Select(entry => new SubscribeRequest(entry.Key, entry.Value))], cancellationToken);
            while (_window.TryTakeUnsent(connection, out OutgoingPublish packet))
                await connection.SendAsync(packet, cancellationToken);
            return connection;
        }
        catch (Exception exception)
        {
            connection.Fail(exception);
            await running;
            throw;
        }
    }

    private async Task SubscribeAsync(ClientConnection connection, SubscribeRequest[] requests, CancellationToken cancellationToken)
    {
        ushort id = _ids.Take();
        try
        {
            byte[] codes = await connection.RequestAsync(id, new SubscribePacket(id, requests), cancellationToken);
            for (int i = 0; i < requests.Length; i++)
            {
                if (i >= codes.Length || codes[i] == SubackPacket.Failure)
                    throw new MqttException(MqttErrorCodes.SubscribeRefused, $"The broker refused the subscription to '{requests[i].Filter}'.", "Check the rights of the user.");
            }
        }
        finally
        {
            _ids.Return(id);
        }
    }

    private ClientConnection Connection() => _window.Connection ?? throw NotConnected();

    private MqttException NotConnected() => new(MqttErrorCodes.NotConnected, $"There is no connection to {_options}.");
}
