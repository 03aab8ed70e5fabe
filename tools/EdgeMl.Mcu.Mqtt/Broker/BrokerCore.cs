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

    /// <summary>Publishes a message that no packet of a client brought: a will, or one of this process.</summary>
    public void Publish(MqttMessage source)
    {
        BrokerMessage message = BrokerMessage.Create(source);
        Router.Publish(message, source.Topic, source.Retain);
        message.Release();
    }
}
