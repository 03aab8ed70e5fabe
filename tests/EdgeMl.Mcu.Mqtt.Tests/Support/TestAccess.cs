using EdgeMl.Mcu.Mqtt.Broker;

namespace EdgeMl.Mcu.Mqtt.Tests.Support;

/// <summary>Rules given as functions; lets everything through where there is none.</summary>
internal sealed class TestAccess : IBrokerAccess
{
    public Func<ConnectRequest, ConnectReturnCode> Authenticate { get; init; } = _ => ConnectReturnCode.Accepted;

    public Func<BrokerClient, string, bool>? Publish { get; init; }

    public Func<BrokerClient, string, bool>? Subscribe { get; init; }

    public ValueTask<ConnectReturnCode> AuthenticateAsync(ConnectRequest request, CancellationToken cancellationToken) => new(Authenticate(request));

    public bool MayPublish(BrokerClient client, ReadOnlySpan<char> topic) => Publish is null || Publish(client, topic.ToString());

    public bool MaySubscribe(BrokerClient client, string filter) => Subscribe is null || Subscribe(client, filter);
}
