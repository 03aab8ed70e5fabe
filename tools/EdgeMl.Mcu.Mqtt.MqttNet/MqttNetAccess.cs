using System.Collections.Concurrent;
using EdgeMl.Mcu.Mqtt.Broker;
using EdgeMl.Mcu.Mqtt.Topics;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace EdgeMl.Mcu.Mqtt.MqttNet;

/// <summary>The host's rules and this library's own, as handlers of MQTTnet's server.</summary>
internal sealed class MqttNetAccess(IBrokerAccess access, BrokerLimits limits)
{
    /// <summary>Who sends the messages of this process. No client has this identifier: U+0000 is not allowed in one.</summary>
    public const string Host = "\0";

    private readonly ConcurrentDictionary<string, BrokerClient> _clients = new(StringComparer.Ordinal);
    private long _denied, _refused;

    public long Denied => Interlocked.Read(ref _denied);

    public long Refused => Interlocked.Read(ref _refused);

    public async Task AuthenticateAsync(ValidatingConnectionEventArgs connection)
    {
        connection.ReasonCode = await DecideAsync(connection);
        if (connection.ReasonCode != MqttConnectReasonCode.Success)
            Interlocked.Increment(ref _refused);
    }

    public void DecideAboutMessage(InterceptingPublishEventArgs publish)
    {
        string topic = publish.ApplicationMessage.Topic;
        bool mayPublish = TopicName.LevelsOf(topic) <= limits.TopicLevelsMax && !TopicName.IsReserved(topic)
            && _clients.TryGetValue(publish.ClientId, out BrokerClient? client) && access.MayPublish(client, topic);
        Note(publish.ProcessPublish = mayPublish);
    }

    public Task DecideAboutSubscription(InterceptingSubscriptionEventArgs subscription)
    {
        string filter = subscription.TopicFilter.Topic;
        bool maySubscribe = TopicName.LevelsOf(filter) <= limits.TopicLevelsMax
            && _clients.TryGetValue(subscription.ClientId, out BrokerClient? client) && access.MaySubscribe(client, filter);
        Note(subscription.ProcessSubscription = maySubscribe);
        if (!maySubscribe)
            subscription.Response.ReasonCode = MqttSubscribeReasonCode.UnspecifiedError;
        return Task.CompletedTask;
    }

    /// <summary>The session is gone; the client identifier belongs to nobody.</summary>
    public void Forget(string clientId) => _clients.TryRemove(clientId, out _);

    private async Task<MqttConnectReasonCode> DecideAsync(ValidatingConnectionEventArgs connection)
    {
        if (connection.ProtocolVersion != MqttProtocolVersion.V311)
            return MqttConnectReasonCode.UnsupportedProtocolVersion;
        // MQTTnet's server gives a client of MQTT 3.1.1 no identifier.
        if (string.IsNullOrEmpty(connection.ClientId) || connection.ClientId.Length > limits.ClientIdLengthMax)
            return MqttConnectReasonCode.ClientIdentifierNotValid;

        var client = new BrokerClient(connection.ClientId, connection.UserName, connection.RemoteEndPoint);
        ReadOnlyMemory<byte>? password = connection.RawPassword is { } bytes ? new ReadOnlyMemory<byte>(bytes) : null;
        ConnectReturnCode code = await access.AuthenticateAsync(new ConnectRequest(client, password, connection.ClientCertificate), connection.CancellationToken);
        if (code == ConnectReturnCode.Accepted && _clients.GetOrAdd(client.ClientId, client).UserName != client.UserName)
            code = ConnectReturnCode.NotAuthorized;
        if (code == ConnectReturnCode.Accepted)
            _clients[client.ClientId] = client;
        return code switch
        {
            ConnectReturnCode.Accepted => MqttConnectReasonCode.Success,
            ConnectReturnCode.UnacceptableProtocolVersion => MqttConnectReasonCode.UnsupportedProtocolVersion,
            ConnectReturnCode.IdentifierRejected => MqttConnectReasonCode.ClientIdentifierNotValid,
            ConnectReturnCode.ServerUnavailable => MqttConnectReasonCode.ServerUnavailable,
            ConnectReturnCode.BadUserNameOrPassword => MqttConnectReasonCode.BadUserNameOrPassword,
            _ => MqttConnectReasonCode.NotAuthorized,
        };
    }

    private void Note(bool isAllowed)
    {
        if (!isAllowed)
            Interlocked.Increment(ref _denied);
    }
}
