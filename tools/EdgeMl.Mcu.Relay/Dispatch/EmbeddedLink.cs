using EdgeMl.Mcu.Mqtt;

namespace EdgeMl.Mcu.Relay.Dispatch;

/// <summary>The link to a broker in this process, without a connection.</summary>
internal sealed class EmbeddedLink(IMqttBroker broker) : IRelayLink
{
    private readonly List<IAsyncDisposable> _subscriptions = [];

    /// <inheritdoc/>
    public bool IsConnected => true;

    /// <inheritdoc/>
    public bool SurvivesRelay => false;

    /// <summary>The broker.</summary>
    public IMqttBroker Broker => broker;

    /// <inheritdoc/>
    public async Task StartAsync(IReadOnlyList<string> filters, Func<MqttMessage, CancellationToken, ValueTask> handler, Action onConnected, CancellationToken cancellationToken)
    {
        await broker.StartAsync(cancellationToken);
        // One for each kind, so that requests for chunks do not wait for what goes to the database.
        foreach (string filter in filters)
            _subscriptions.Add(await broker.SubscribeAsync([filter], handler, cancellationToken));
        onConnected();
    }

    /// <inheritdoc/>
    public Task PublishAsync(MqttMessage message, CancellationToken cancellationToken) => broker.PublishAsync(message, cancellationToken).AsTask();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable subscription in _subscriptions)
            await subscription.DisposeAsync();
        await broker.DisposeAsync();
    }
}
