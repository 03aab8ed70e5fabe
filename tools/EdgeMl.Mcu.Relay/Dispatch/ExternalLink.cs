using EdgeMl.Mcu.Mqtt;
using EdgeMl.Mcu.Mqtt.Client;
using Microsoft.Extensions.Logging;

namespace EdgeMl.Mcu.Relay.Dispatch;

/// <summary>The link to another broker. It is made again whenever it is lost.</summary>
/// <remarks>
/// The relay logs in with the user of the address. It must be allowed to read <c>edgeml/FLEET/up/#</c> and to write <c>edgeml/FLEET/down/#</c> and
/// <c>edgeml/FLEET/chunk/#</c>; a device DEVICE, whose user name that is, to write <c>edgeml/FLEET/up/DEVICE/#</c> and to read <c>edgeml/FLEET/down/DEVICE/#</c> and
/// <c>edgeml/FLEET/chunk/+</c>. Nobody else needs any right.
/// </remarks>
internal sealed partial class ExternalLink : IRelayLink
{
    private const int InflightMax = 512;
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly ILogger _logger;
    private readonly MqttClient _client;
    private readonly string _address;
    private Func<MqttMessage, CancellationToken, ValueTask> _handler = (_, _) => ValueTask.CompletedTask;
    private Action _onConnected = () => { };
    private Task _connecting = Task.CompletedTask;
    private volatile bool _isSubscribed;

    /// <summary>Makes a link.</summary>
    /// <exception cref="RelayException"><see cref="RelayErrorCodes.BadRequest"/>: not a broker's address.</exception>
    public ExternalLink(Uri address, string clientId, ILogger logger)
    {
        _logger = logger;
        try
        {
            MqttClientOptions options = MqttClientOptions.From(address) with
            {
                ClientId = clientId,
                InflightMax = InflightMax,
                ReconnectDelay = new ReconnectDelay(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5)),
                MessageHandler = (message, token) => _handler(message, token),
                ConnectionHandler = OnConnection,
            };
            _address = options.ToString();
            _client = new MqttClient(options);
        }
        catch (ArgumentException exception)
        {
            throw new RelayException(RelayErrorCodes.BadRequest, exception.Message, "Give --broker mqtt://HOST or mqtts://USER:PASSWORD@HOST:PORT.", 400, exception);
        }
    }

    /// <inheritdoc/>
    public bool IsConnected => _client.IsConnected && _isSubscribed;

    /// <inheritdoc/>
    public bool SurvivesRelay => true;

    /// <inheritdoc/>
    public Task StartAsync(IReadOnlyList<string> filters, Func<MqttMessage, CancellationToken, ValueTask> handler, Action onConnected, CancellationToken cancellationToken)
    {
        _handler = handler;
        _onConnected = onConnected;
        _connecting = ConnectAsync(filters);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task PublishAsync(MqttMessage message, CancellationToken cancellationToken) => _client.PublishAsync(message, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _connecting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _client.DisposeAsync();
        _stop.Dispose();
    }

    // The client makes lost connections anew by itself, with subscriptions; the first one is made here.
    private async Task ConnectAsync(IReadOnlyList<string> filters)
    {
        for (bool isConnected = false; !_isSubscribed; await Task.Delay(RetryEvery, _stop.Token))
        {
            try
            {
                if (!isConnected)
                    await _client.ConnectAsync(_stop.Token);
                isConnected = true;
                foreach (string filter in filters)
                    await _client.SubscribeAsync(filter, filter.EndsWith("/request", StringComparison.Ordinal) ? QualityOfService.AtMostOnce : QualityOfService.AtLeastOnce, _stop.Token);
                _isSubscribed = true;
                _onConnected();
                return;
            }
            catch (MqttException exception)
            {
                LogLost(_address, exception.Message);
            }
        }
    }

    private void OnConnection(ConnectionChange change)
    {
        if (!change.IsConnected)
            LogLost(_address, change.Reason?.Message ?? "unknown");
        else if (_isSubscribed)
            _onConnected();
    }

    [LoggerMessage(LogLevel.Warning, "No connection to the broker {Address}: {Reason}")]
    private partial void LogLost(string address, string reason);
}
