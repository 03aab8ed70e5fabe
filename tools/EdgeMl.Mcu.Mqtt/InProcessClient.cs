using System.Collections.Concurrent;
using EdgeMl.Mcu.Mqtt.Client;

namespace EdgeMl.Mcu.Mqtt;

/// <summary>A client of a broker in the same process, without a network: what works with an external broker works with an embedded one.</summary>
/// <remarks>
/// It takes the place of a client that keeps its session: the handler gets messages one after another; one of QoS 1 for which it throws comes again.
/// A message that several subscriptions select comes once for each. Messages are not subject to <see cref="Broker.IBrokerAccess"/>. The broker is not
/// disposed with the client.
/// </remarks>
/// <param name="broker">A broker that runs.</param>
/// <param name="messageHandler">Gets the messages; may publish and subscribe, but neither unsubscribe nor disconnect.</param>
public sealed class InProcessClient(IMqttBroker broker, Func<MqttMessage, CancellationToken, ValueTask>? messageHandler = null) : IMqttClient
{
    private readonly ConcurrentDictionary<string, Lazy<Task<IAsyncDisposable>>> _subscriptions = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _handling = new(1, 1);
    private volatile bool _isConnected;

    /// <inheritdoc/>
    public bool IsConnected => _isConnected;

    /// <inheritdoc/>
    public Task ConnectAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _isConnected = true;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task PublishAsync(MqttMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ClientArguments.ThrowIfExactlyOnce(message.Quality, nameof(message));
        ThrowIfNotConnected();
        await broker.PublishAsync(message, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Messages come with the quality of service that they were published with. Subscribing again to the same filter changes nothing.</remarks>
    public async Task SubscribeAsync(string filter, QualityOfService quality, CancellationToken cancellationToken = default)
    {
        ClientArguments.ThrowIfNoFilter(filter);
        ClientArguments.ThrowIfExactlyOnce(quality);
        ThrowIfNotConnected();
        var subscription = _subscriptions.GetOrAdd(filter, new Lazy<Task<IAsyncDisposable>>(() => broker.SubscribeAsync([filter], HandleAsync, cancellationToken).AsTask()));
        try
        {
            await subscription.Value;
        }
        catch
        {
            _subscriptions.TryRemove(KeyValuePair.Create(filter, subscription));
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task UnsubscribeAsync(string filter, CancellationToken cancellationToken = default)
    {
        ClientArguments.ThrowIfNoFilter(filter);
        ThrowIfNotConnected();
        if (_subscriptions.TryRemove(filter, out Lazy<Task<IAsyncDisposable>>? subscription))
            await (await subscription.Value).DisposeAsync();
    }

    /// <inheritdoc/>
    public async Task DisconnectAsync(CancellationToken cancellationToken = default)
    {
        _isConnected = false;
        foreach (string filter in _subscriptions.Keys)
        {
            if (_subscriptions.TryRemove(filter, out Lazy<Task<IAsyncDisposable>>? subscription))
                await (await subscription.Value).DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await DisconnectAsync();

    private async ValueTask HandleAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        await _handling.WaitAsync(cancellationToken);
        try
        {
            if (messageHandler is not null)
                await messageHandler(message, cancellationToken);
        }
        finally
        {
            _handling.Release();
        }
    }

    private void ThrowIfNotConnected()
    {
        if (!_isConnected)
            throw new MqttException(MqttErrorCodes.NotConnected, "The client of the broker in this process is not connected.");
    }
}
