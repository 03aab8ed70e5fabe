using System.Collections.Concurrent;
using System.Net.Sockets;
using EdgeMl.Mcu.Mqtt.Client;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace EdgeMl.Mcu.Mqtt.MqttNet;

/// <summary>The client on MQTTnet.</summary>
/// <remarks>
/// MQTTnet forgets what is not acknowledged with the connection, so a QoS 1 message is published anew on the next one. Not used of the options:
/// <see cref="Client.MqttClientOptions.ReceiveQueueMax"/> and <see cref="Client.MqttClientOptions.PacketBytesMax"/>.
/// </remarks>
public sealed class MqttNetClient : IMqttClient
{
    private readonly Client.MqttClientOptions _options;
    private readonly MQTTnet.IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly ConcurrentDictionary<string, QualityOfService> _subscriptions = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _window, _connecting = new(1, 1);
    private volatile TaskCompletionSource<Exception> _lost = NewSource<Exception>();
    private volatile TaskCompletionSource<bool> _ready = NewSource<bool>();
    private Task _running = Task.CompletedTask;
    private volatile bool _handlerFailed;
    private int _isStarted, _isStopped;

    /// <summary>Makes a client that is not connected yet.</summary>
    public MqttNetClient(Client.MqttClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        // MQTTnet's server gives a client of MQTT 3.1.1 no identifier.
        _options = options.ClientId.Length > 0 ? options : options with { ClientId = $"edgeml-{Guid.NewGuid():N}" };
        _window = new SemaphoreSlim(options.InflightMax, options.InflightMax);
        _client.ApplicationMessageReceivedAsync += HandleAsync;
        _client.DisconnectedAsync += change =>
        {
            if (change.ClientWasConnected)
                _lost.TrySetResult(change.Exception ?? new MqttException(MqttErrorCodes.ConnectionLost, $"The connection to {_options} was lost: {change.Reason}."));
            return Task.CompletedTask;
        };
    }

    /// <inheritdoc/>
    public bool IsConnected => _ready.Task.IsCompleted && _client.IsConnected;

    /// <inheritdoc/>
    public async Task ConnectAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isStopped != 0, this);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        await _connecting.WaitAsync(either.Token);
        try
        {
            if (_isStarted != 0)
                throw new InvalidOperationException("The client was connected already.");
            await OpenAsync(either.Token);
            _isStarted = 1;
            _running = KeepConnectedAsync();
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
            ThrowIfNotConnected();
            await SendAsync(() => _client.PublishAsync(MqttNetMessages.ToMqttNet(message), cancellationToken));
            return;
        }
        await _window.WaitAsync(cancellationToken);
        try
        {
            while (!await TryPublishAsync(message, cancellationToken))
                await Task.Delay(_options.ReconnectDelay.Min, cancellationToken);
        }
        finally
        {
            _window.Release();
        }
    }

    /// <inheritdoc/>
    public async Task SubscribeAsync(string filter, QualityOfService quality, CancellationToken cancellationToken = default)
    {
        ClientArguments.ThrowIfNoFilter(filter);
        ClientArguments.ThrowIfExactlyOnce(quality);
        ThrowIfNotConnected();
        await SendAsync(() => SubscribeAtBrokerAsync(filter, quality, cancellationToken));
        _subscriptions[filter] = quality;
    }

    /// <inheritdoc/>
    public async Task UnsubscribeAsync(string filter, CancellationToken cancellationToken = default)
    {
        ClientArguments.ThrowIfNoFilter(filter);
        _subscriptions.TryRemove(filter, out _);
        ThrowIfNotConnected();
        await SendAsync(() => _client.UnsubscribeAsync(new MqttClientUnsubscribeOptions { TopicFilters = [filter] }, cancellationToken));
    }

    /// <inheritdoc/>
    public async Task DisconnectAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isStopped, 1) != 0)
            return;
        await _stop.CancelAsync();
        await _connecting.WaitAsync(CancellationToken.None);
        await CloseAsync();
        await _running;
        _ready.TrySetResult(false);
        _client.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await DisconnectAsync();

    private static TaskCompletionSource<T> NewSource<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_options.ConnectTimeout);
        _lost = NewSource<Exception>();
        _handlerFailed = false;
        MqttClientConnectResult answer;
        try
        {
            answer = await _client.ConnectAsync(MqttNetOptions.From(_options), deadline.Token);
        }
        catch (Exception exception) when (exception is MqttCommunicationException or MqttProtocolViolationException or SocketException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new MqttException(MqttErrorCodes.Unreachable, $"The broker {_options} is not reachable: {exception.Message}", "Check host and port, and that the broker runs.", exception);
        }
        if (answer.ResultCode != MqttClientConnectResultCode.Success)
            throw new MqttException(MqttErrorCodes.ConnectRefused, $"The broker {_options} refused the connection: {answer.ResultCode}.", "Check client identifier, user and password.");
        if (!answer.IsSessionPresent)
        {
            foreach ((string filter, QualityOfService quality) in _subscriptions)
                await SendAsync(() => SubscribeAtBrokerAsync(filter, quality, cancellationToken));
        }
        _ready.TrySetResult(true);
    }

    private async Task KeepConnectedAsync()
    {
        while (true)
        {
            _options.ConnectionHandler?.Invoke(new ConnectionChange(true, null));
            if (_stop.IsCancellationRequested)
                await CloseAsync();
            Exception reason = await _lost.Task;
            if (!_stop.IsCancellationRequested)
                _ready = NewSource<bool>();
            _options.ConnectionHandler?.Invoke(new ConnectionChange(false, reason));
            if (!await ReopenAsync())
                return;
        }
    }

    private async Task<bool> ReopenAsync()
    {
        for (int failures = 0; ; failures++)
        {
            try
            {
                await Task.Delay(_options.ReconnectDelay.After(failures, Random.Shared.NextDouble()), _stop.Token);
                await OpenAsync(_stop.Token);
                return true;
            }
            catch (MqttException exception)
            {
                await CloseAsync();
                _options.ConnectionHandler?.Invoke(new ConnectionChange(false, exception));
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }

    private async Task CloseAsync()
    {
        try
        {
            if (_client.IsConnected)
                await _client.DisconnectAsync(new MqttClientDisconnectOptions());
        }
        catch (MqttCommunicationException)
        {
            // The connection ends either way.
        }
    }

    private async Task HandleAsync(MqttApplicationMessageReceivedEventArgs received)
    {
        received.AutoAcknowledge = false;
        // After a failure the broker sends the message again on the next connection, and those behind it.
        if (_handlerFailed || _stop.IsCancellationRequested)
            return;
        try
        {
            if (_options.MessageHandler is { } handler)
                await handler(MqttNetMessages.FromMqttNet(received.ApplicationMessage), _stop.Token);
        }
        catch (Exception exception)
        {
            _handlerFailed = true;
            _lost.TrySetResult(new MqttException(MqttErrorCodes.HandlerFailed, $"The handler of messages failed: {exception.Message}", innerException: exception));
            // Not waited for: disconnecting waits for this handler.
            _ = Task.Run(CloseAsync);
            return;
        }
        await received.AcknowledgeAsync(CancellationToken.None);
    }

    // False if the connection was lost before the acknowledgement.
    private async Task<bool> TryPublishAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        if (_isStopped != 0 || !await _ready.Task.WaitAsync(cancellationToken))
            throw new MqttException(MqttErrorCodes.NotConnected, $"There is no connection to {_options}.");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_options.AcknowledgementTimeout);
        try
        {
            await _client.PublishAsync(MqttNetMessages.ToMqttNet(message), deadline.Token);
            return true;
        }
        catch (Exception exception) when (exception is MqttCommunicationException or OperationCanceledException or ObjectDisposedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_isStopped != 0)
                throw new MqttException(MqttErrorCodes.ConnectionLost, "The client was disconnected before the broker acknowledged the message.", innerException: exception);
            if (deadline.IsCancellationRequested)
                await CloseAsync();
            return false;
        }
    }

    private async Task SubscribeAtBrokerAsync(string filter, QualityOfService quality, CancellationToken cancellationToken)
    {
        var request = new MqttTopicFilter { Topic = filter, QualityOfServiceLevel = (MqttQualityOfServiceLevel)quality };
        MqttClientSubscribeResult answer = await _client.SubscribeAsync(new MqttClientSubscribeOptions { TopicFilters = [request] }, cancellationToken);
        if (answer.Items.Any(item => item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2))
            throw new MqttException(MqttErrorCodes.SubscribeRefused, $"The broker refused the subscription to '{filter}'.", "Check the rights of the user.");
    }

    private async Task SendAsync(Func<Task> send)
    {
        try
        {
            await send();
        }
        catch (MqttCommunicationException exception)
        {
            throw new MqttException(MqttErrorCodes.ConnectionLost, $"The connection to {_options} was lost: {exception.Message}", innerException: exception);
        }
    }

    private void ThrowIfNotConnected()
    {
        if (_isStopped != 0 || !IsConnected)
            throw new MqttException(MqttErrorCodes.NotConnected, $"There is no connection to {_options}.");
    }
}
