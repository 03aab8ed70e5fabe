using EdgeMl.Mcu.Mqtt.Broker;
using EdgeMl.Mcu.Mqtt.Topics;
using MQTTnet;

namespace EdgeMl.Mcu.Mqtt.MqttNet;

/// <summary>The subscriptions of this process, fed by the server's interceptor of messages. Thread-safe.</summary>
/// <remarks>A message that is published while its retained predecessor is fetched may come before that one.</remarks>
internal sealed class MqttNetSubscriptions(BrokerOptions options)
{
    private readonly Lock _lock = new();
    private InProcessSubscription[] _subscriptions = [];

    public async Task<IAsyncDisposable> AddAsync(
        IReadOnlyCollection<string> filters, Func<MqttMessage, CancellationToken, ValueTask> handler, Func<Task<IList<MqttApplicationMessage>>> retained)
    {
        var subscription = new InProcessSubscription(filters, handler, options, Remove);
        lock (_lock)
            _subscriptions = [.. _subscriptions, subscription];
        foreach (MqttApplicationMessage message in await retained())
        {
            if (Selects(subscription, message.Topic))
                subscription.Add(MqttNetMessages.FromMqttNet(message));
        }
        return subscription;
    }

    /// <summary>Hands a message to all subscriptions that select it.</summary>
    public async Task PublishAsync(MqttMessage message, bool mayWait, CancellationToken cancellationToken)
    {
        MqttMessage live = message.Retain ? new MqttMessage(message.Topic, message.Payload, message.Quality) : message;
        foreach (InProcessSubscription subscription in Volatile.Read(ref _subscriptions))
        {
            if (Selects(subscription, message.Topic) && !subscription.Add(live) && mayWait)
                await subscription.WaitForRoomAsync().WaitAsync(cancellationToken);
        }
    }

    public Task FinishAsync() =>
        Task.WhenAll(Volatile.Read(ref _subscriptions).Select(subscription => subscription.FinishAsync(options.Limits.StopTimeout)));

    private static bool Selects(InProcessSubscription subscription, string topic) =>
        subscription.Filters.Any(filter => TopicFilter.Matches(filter, topic));

    private void Remove(InProcessSubscription subscription)
    {
        lock (_lock)
            _subscriptions = [.. _subscriptions.Where(other => other != subscription)];
    }
}
