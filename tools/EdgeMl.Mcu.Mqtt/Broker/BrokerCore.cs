using EdgeMl.Mcu.Mqtt.Topics;

namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>What the connections of a broker share.</summary>
internal sealed class BrokerCore
{
    public BrokerCore(BrokerOptions options)
    {
        Limits = options.Limits;
        Access = options.Access;
        Observer = options.Observer;
        Router = new Router(Limits, Counters);
        Sessions = new SessionStore(Limits, Counters, Router);
    }

    public BrokerLimits Limits { get; }

    public IBrokerAccess Access { get; }

    public Action<BrokerEvent>? Observer { get; }

    public BrokerCounters Counters { get; } = new();

    public Router Router { get; }

    public SessionStore Sessions { get; }

    /// <summary>Whether a client may publish to a topic, by the broker's rules and the host's.</summary>
    public bool MayPublish(BrokerClient client, ReadOnlySpan<char> topic) =>
        TopicName.LevelsOf(topic) <= Limits.TopicLevelsMax && !TopicName.IsReserved(topic) && Access.MayPublish(client, topic);

    public void PublishWill(MqttMessage will)
    {
        BrokerMessage message = BrokerMessage.Create(will);
        Router.Publish(message, will.Topic, will.Retain);
        message.Release();
    }
}
