using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using EdgeMl.Mcu.Mqtt.Broker;
using EdgeMl.Mcu.Mqtt.Client;
using MQTTnet.Certificates;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace EdgeMl.Mcu.Mqtt.MqttNet;

/// <summary>The broker on MQTTnet's server.</summary>
/// <remarks>
/// It listens at one plain address and at one with TLS, IPv4, and takes port 0 as a free port. A client needs an identifier. Of the limits it keeps
/// <see cref="BrokerLimits.ClientsMax"/>, <see cref="BrokerLimits.QueueLengthMax"/>, <see cref="BrokerLimits.ClientIdLengthMax"/>,
/// <see cref="BrokerLimits.TopicLevelsMax"/> and <see cref="BrokerLimits.ConnectTimeout"/>; the others have no counterpart in MQTTnet. Stopping does not wait for
/// clients to take what waits for them.
/// </remarks>
public sealed class MqttNetBroker : IMqttBroker
{
    private readonly BrokerOptions _options;
    private readonly MqttNetAccess _access;
    private readonly List<IPEndPoint> _endPoints = [];
    private MqttServer? _server;
    private readonly MqttNetSubscriptions _inProcess;
    private int _connections, _subscriptions, _isStopped;
    private long _received, _sent, _dropped;

    /// <summary>Makes a broker that does not listen yet.</summary>
    public MqttNetBroker(BrokerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Listeners.Count(listener => listener.Tls is null) > 1 || options.Listeners.Count(listener => listener.Tls is not null) > 1)
            throw new ArgumentException("MQTTnet listens at one plain address and one with TLS.", nameof(options));
        _options = options;
        _access = new MqttNetAccess(options.Access, options.Limits);
        _inProcess = new MqttNetSubscriptions(options);
    }

    /// <inheritdoc/>
    public IReadOnlyList<IPEndPoint> EndPoints => _endPoints;

    /// <inheritdoc/>
    public BrokerStatistics Statistics => new()
    {
        Connections = Volatile.Read(ref _connections),
        Sessions = _isStopped == 0 ? _server?.GetSessionsAsync().GetAwaiter().GetResult().Count ?? 0 : 0,
        Subscriptions = Volatile.Read(ref _subscriptions),
        Retained = _isStopped == 0 ? _server?.GetRetainedMessagesAsync().GetAwaiter().GetResult().Count ?? 0 : 0,
        MessagesReceived = Interlocked.Read(ref _received),
        MessagesSent = Interlocked.Read(ref _sent),
        MessagesDropped = Interlocked.Read(ref _dropped),
        MessagesNotRetained = 0,
        Denied = _access.Denied,
        Refused = _access.Refused,
        ProtocolErrors = 0,
    };

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (_server is not null)
            throw new InvalidOperationException("The broker was started already.");
        var options = new MqttServerOptions
        {
            EnablePersistentSessions = true,
            MaxPendingMessagesPerClient = _options.Limits.QueueLengthMax,
            PendingMessagesOverflowStrategy = MqttPendingMessagesOverflowStrategy.DropNewMessage,
            DefaultCommunicationTimeout = _options.Limits.ConnectTimeout,
        };
        foreach (BrokerListener listener in _options.Listeners)
            _endPoints.Add(Listen(options, listener));
        MqttServer server = _server = new MqttServerFactory().CreateMqttServer(options);
        Attach(server);
        try
        {
            await server.StartAsync();
        }
        catch (SocketException exception)
        {
            throw ListenFailed(_endPoints[0], exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask PublishAsync(MqttMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        _options.Limits.CheckLevels(message.Topic, nameof(message));
        var injected = new InjectedMqttApplicationMessage(MqttNetMessages.ToMqttNet(message)) { SenderClientId = MqttNetAccess.Host };
        await Running().InjectApplicationMessage(injected, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IAsyncDisposable> SubscribeAsync(
        IReadOnlyCollection<string> filters, Func<MqttMessage, CancellationToken, ValueTask> handler, CancellationToken cancellationToken = default)
    {
        ClientArguments.ThrowIfNoFilters(filters);
        foreach (string filter in filters)
            _options.Limits.CheckLevels(filter, nameof(filters));
        ArgumentNullException.ThrowIfNull(handler);
        MqttServer server = Running();
        cancellationToken.ThrowIfCancellationRequested();
        return await _inProcess.AddAsync(filters, handler, async () => await server.GetRetainedMessagesAsync());
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isStopped, 1) != 0 || _server is not { } server)
            return;
        await server.StopAsync(new MqttServerStopOptions());
        await _inProcess.FinishAsync();
        server.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => new(StopAsync());

    private static IPEndPoint Listen(MqttServerOptions options, BrokerListener listener)
    {
        IPEndPoint endPoint = FreePort(listener.EndPoint);
        MqttServerTcpEndpointBaseOptions target = listener.Tls is null ? options.DefaultEndpointOptions : options.TlsEndpointOptions;
        target.IsEnabled = true;
        target.BoundInterNetworkAddress = endPoint.Address;
        target.BoundInterNetworkV6Address = IPAddress.None;
        target.Port = endPoint.Port;
        target.LingerState = new LingerOption(false, 0);
        if (listener.Tls is { } tls)
        {
            var certificate = (X509Certificate2?)tls.ServerCertificate ?? throw new ArgumentException("MQTTnet needs the listener's certificate itself.");
            options.TlsEndpointOptions.CertificateProvider = new X509CertificateProvider(certificate);
            options.TlsEndpointOptions.ClientCertificateRequired = tls.ClientCertificateRequired;
            options.TlsEndpointOptions.RemoteCertificateValidationCallback = tls.RemoteCertificateValidationCallback;
        }
        return endPoint;
    }

    // MQTTnet does not tell which port 0 became, and takes an address in use for a warning only on some systems.
    private static IPEndPoint FreePort(IPEndPoint endPoint)
    {
        using var probe = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(endPoint);
            return (IPEndPoint)probe.LocalEndPoint!;
        }
        catch (SocketException exception)
        {
            throw ListenFailed(endPoint, exception);
        }
    }

    private static MqttException ListenFailed(IPEndPoint endPoint, SocketException exception) => new(
        MqttErrorCodes.ListenFailed, $"The broker cannot listen at {endPoint}: {exception.Message}.", "Choose another port, or stop what uses this one.", exception);

    private void Attach(MqttServer server)
    {
        server.ValidatingConnectionAsync += async connection =>
        {
            if (Volatile.Read(ref _connections) >= _options.Limits.ClientsMax)
                connection.ReasonCode = MqttConnectReasonCode.ServerUnavailable;
            else
                await _access.AuthenticateAsync(connection);
            if (connection.ReasonCode != MqttConnectReasonCode.Success)
                Tell(BrokerEventKind.Refused, connection.ClientId, connection.RemoteEndPoint, connection.ReasonCode.ToString());
        };
        server.InterceptingPublishAsync += async publish =>
        {
            bool isHost = publish.ClientId == MqttNetAccess.Host;
            if (!isHost)
            {
                Interlocked.Increment(ref _received);
                _access.DecideAboutMessage(publish);
            }
            if (publish.ProcessPublish)
                await _inProcess.PublishAsync(MqttNetMessages.FromMqttNet(publish.ApplicationMessage), mayWait: !isHost, publish.CancellationToken);
        };
        server.InterceptingSubscriptionAsync += _access.DecideAboutSubscription;
        server.ClientSubscribedTopicAsync += _ => Count(ref _subscriptions, 1);
        server.ClientUnsubscribedTopicAsync += _ => Count(ref _subscriptions, -1);
        server.ApplicationMessageEnqueuedOrDroppedAsync += message =>
        {
            Interlocked.Increment(ref message.IsDropped ? ref _dropped : ref _sent);
            return Task.CompletedTask;
        };
        server.ClientConnectedAsync += client =>
        {
            Tell(BrokerEventKind.Connected, client.ClientId, client.RemoteEndPoint, null);
            return Count(ref _connections, 1);
        };
        server.ClientDisconnectedAsync += client =>
        {
            Tell(BrokerEventKind.Disconnected, client.ClientId, client.RemoteEndPoint, client.DisconnectType.ToString());
            return Count(ref _connections, -1);
        };
        server.SessionDeletedAsync += session =>
        {
            _access.Forget(session.Id);
            return Task.CompletedTask;
        };
    }

    private MqttServer Running()
    {
        ObjectDisposedException.ThrowIf(_isStopped != 0, this);
        return _server ?? throw new InvalidOperationException("The broker was not started.");
    }

    private void Tell(BrokerEventKind kind, string? clientId, EndPoint? remote, string? reason) =>
        _options.Observer?.Invoke(new BrokerEvent(kind, clientId, remote, reason));

    private static Task Count(ref int counter, int change)
    {
        Interlocked.Add(ref counter, change);
        return Task.CompletedTask;
    }
}
