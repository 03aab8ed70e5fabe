using System.Security.Cryptography;
using EdgeMl.Mcu.Mqtt;
using EdgeMl.Mcu.Mqtt.Broker;
using EdgeMl.Mcu.Relay.Messages;

namespace EdgeMl.Mcu.Relay.Fleet;

/// <summary>The rules of the embedded broker: a device logs in under its own name, with the password derived from its key, and sees its own topics only.</summary>
internal sealed class FleetAccess(DeviceDirectory devices, FleetTopics topics) : IBrokerAccess
{
    private long _refused, _denied;

    /// <summary>Logins that were refused.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Messages and subscriptions to topics that are not the device's own.</summary>
    public long Denied => Interlocked.Read(ref _denied);

    /// <inheritdoc/>
    public ValueTask<ConnectReturnCode> AuthenticateAsync(ConnectRequest request, CancellationToken cancellationToken)
    {
        BrokerClient client = request.Client;
        bool isKnown = client.UserName is { } user && user == client.ClientId && request.Password is { } password
            && devices.Find(user) is { } secrets && CryptographicOperations.FixedTimeEquals(password.Span, secrets.Password);
        if (!isKnown)
            Interlocked.Increment(ref _refused);
        return new ValueTask<ConnectReturnCode>(isKnown ? ConnectReturnCode.Accepted : ConnectReturnCode.BadUserNameOrPassword);
    }

    /// <inheritdoc/>
    public bool MayPublish(BrokerClient client, ReadOnlySpan<char> topic) => Count(IsCurrent(client) && topics.IsUp(client.UserName!, topic));

    /// <inheritdoc/>
    public bool MaySubscribe(BrokerClient client, string filter) => Count(IsCurrent(client) && topics.IsReadable(client.UserName!, filter));

    // A device that was revoked while it is connected has no rights any more.
    private bool IsCurrent(BrokerClient client) => client.UserName is { } user && devices.Find(user) is not null;

    private bool Count(bool isAllowed)
    {
        if (!isAllowed)
            Interlocked.Increment(ref _denied);
        return isAllowed;
    }
}
