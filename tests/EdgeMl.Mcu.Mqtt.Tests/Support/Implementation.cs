using System.Net;
using EdgeMl.Mcu.Mqtt.Broker;
using EdgeMl.Mcu.Mqtt.Client;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Mqtt.Tests.Support;

/// <summary>The broker and the client that the contract tests run on.</summary>
internal static class Implementation
{
    private static readonly ReconnectDelay Soon = new(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(100));

#if USE_MQTTNET
    public static IMqttBroker Broker(BrokerOptions options) => new MqttNet.MqttNetBroker(options);

    public static IMqttClient Client(MqttClientOptions options) => new MqttNet.MqttNetClient(options);
#else
    public static IMqttBroker Broker(BrokerOptions options) => new MqttBroker(options);

    public static IMqttClient Client(MqttClientOptions options) => new MqttClient(options);
#endif

    /// <summary>A broker that runs on a free port of the loopback interface.</summary>
    public static async Task<IMqttBroker> StartBrokerAsync(IBrokerAccess? access = null, BrokerLimits? limits = null, int port = 0, BrokerListener? listener = null)
    {
        IMqttBroker broker = Broker(new BrokerOptions
        {
            Listeners = [listener ?? new BrokerListener(new IPEndPoint(IPAddress.Loopback, port))],
            Access = access ?? new TestAccess(),
            Limits = limits ?? new BrokerLimits(),
        });
        await broker.StartAsync(TestContext.Current.CancellationToken);
        return broker;
    }

    public static MqttClientOptions OptionsFor(IPEndPoint broker, Mailbox<MqttMessage>? received = null) => new()
    {
        Host = broker.Address.ToString(),
        Port = broker.Port,
        ConnectTimeout = Patience.Limit,
        ReconnectDelay = Soon,
        MessageHandler = (message, _) =>
        {
            received?.Add(message);
            return ValueTask.CompletedTask;
        },
    };

    /// <summary>A client that is connected.</summary>
    public static async Task<IMqttClient> ConnectAsync(MqttClientOptions options)
    {
        IMqttClient client = Client(options);
        await client.ConnectAsync(TestContext.Current.CancellationToken).WaitAsync(Patience.Limit);
        return client;
    }

    public static Task<IMqttClient> ConnectAsync(IMqttBroker broker, Mailbox<MqttMessage>? received = null) =>
        ConnectAsync(OptionsFor(broker.EndPoints[0], received));
}
