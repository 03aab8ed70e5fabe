using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Mqtt;
using EdgeMl.Mcu.Mqtt.Client;

namespace EdgeMl.Mcu.Bench.Devices;

/// <summary>A device's link over a real MQTT connection.</summary>
public sealed class MqttDeviceLink : VirtualLink, IAsyncDisposable
{
    private readonly MqttClientOptions _options;
    private readonly Func<MqttClientOptions, IMqttClient> _makeClient;
    private readonly Lock _lock = new();
    private Session? _session;
    private Task _closing = Task.CompletedTask;
    private int _connections;
    private int _connection;

    /// <summary>Creates a link that is not connected.</summary>
    /// <param name="options">How to reach the broker, with login and will; handlers are the link's own.</param>
    /// <param name="makeClient">Makes clients; null for the library's own.</param>
    public MqttDeviceLink(MqttClientOptions options, Func<MqttClientOptions, IMqttClient>? makeClient = null)
    {
        _options = options;
        _makeClient = makeClient ?? (all => new MqttClient(all));
    }

    /// <summary>How a device logs in to its broker: with its id and the password that follows from its key, and the will that tells that it is gone.</summary>
    /// <param name="settings">Who it is.</param>
    /// <param name="broker">Where the broker is.</param>
    public static MqttClientOptions LoginOf(AgentSettings settings, MqttClientOptions broker) => broker with
    {
        ClientId = settings.Device,
        UserName = settings.Device,
        Password = DeviceKeys.Password(settings.DeviceKey),
        Will = new MqttMessage(new DeviceTopics(settings.Fleet, settings.Device).Offline, Array.Empty<byte>(), QualityOfService.AtLeastOnce),
    };

    /// <inheritdoc/>
    public override int Connection => Volatile.Read(ref _connection);

    /// <inheritdoc/>
    public override bool Subscribe(string filter, int quality) =>
        Try(client => client.SubscribeAsync(filter, quality == 0 ? QualityOfService.AtMostOnce : QualityOfService.AtLeastOnce));

    /// <inheritdoc/>
    public override bool Unsubscribe(string filter) => Try(client => client.UnsubscribeAsync(filter));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Session? session = Take();
        if (session is not null)
            await session.Client.DisconnectAsync();
        await _closing;
    }

    /// <inheritdoc/>
    protected override void Open()
    {
        lock (_lock)
        {
            if (_session is not null)
                return;
            var session = new Session();
            session.Client = _makeClient(_options with
            {
                MessageHandler = (message, _) =>
                {
                    if (session == _session)
                        Receive(message.Topic, message.Payload.ToArray());
                    return ValueTask.CompletedTask;
                },
                ConnectionHandler = change => OnChange(session, change.IsConnected),
            });
            _session = session;
            _ = ConnectAsync(session);
        }
    }

    /// <inheritdoc/>
    protected override void Drop()
    {
        if (Take() is { } session)
            _closing = Task.WhenAll(_closing, session.Client.DisposeAsync().AsTask());
    }

    /// <inheritdoc/>
    protected override void Send(string topic, byte[] payload, int quality) =>
        Try(client => client.PublishAsync(new MqttMessage(topic, payload, quality == 0 ? QualityOfService.AtMostOnce : QualityOfService.AtLeastOnce)));

    private async Task ConnectAsync(Session session)
    {
        try
        {
            await session.Client.ConnectAsync();
        }
        catch (Exception exception) when (exception is MqttException or OperationCanceledException or ObjectDisposedException)
        {
            lock (_lock)
            {
                if (_session == session)
                    _session = null;
            }
            await session.Client.DisposeAsync();
        }
    }

    private void OnChange(Session session, bool isConnected)
    {
        lock (_lock)
        {
            if (_session != session)
                return;
            Volatile.Write(ref _connection, isConnected ? ++_connections : 0);
        }
        Woken?.Invoke();
    }

    private Session? Take()
    {
        lock (_lock)
        {
            Session? session = _session;
            _session = null;
            Volatile.Write(ref _connection, 0);
            return session;
        }
    }

    private bool Try(Func<IMqttClient, Task> send)
    {
        Session? session = _session;
        if (session is null || Connection == 0)
            return false;
        _ = SendAsync(session.Client, send);
        return true;
    }

    private static async Task SendAsync(IMqttClient client, Func<IMqttClient, Task> send)
    {
        try
        {
            await send(client);
        }
        catch (Exception exception) when (exception is MqttException or OperationCanceledException or ObjectDisposedException)
        {
            // As on a board: whatever matters is sent again by the agent.
        }
    }

    /// <summary>A client, from one loss of power or network to the next.</summary>
    private sealed class Session
    {
        public IMqttClient Client { get; set; } = null!;
    }
}
