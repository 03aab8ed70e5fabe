using EdgeMl.Mcu.Device.Network;
using EdgeMl.Mcu.Mqtt;
using EdgeMl.Mcu.Mqtt.Client;

namespace EdgeMl.Mcu.Device.Tests.Network;

/// <summary>The desktop's MQTT client as a board's.</summary>
internal sealed class HostTransport(MqttClientOptions options) : MqttTransport
{
    private MqttClient? _client;

    public override bool Open()
    {
        MqttClient? client = null;
        client = new MqttClient(options with
        {
            MessageHandler = (message, _) =>
            {
                if (client == _client)
                    OnMessage(message.Topic, message.Payload.ToArray());
                return ValueTask.CompletedTask;
            },
            ConnectionHandler = change =>
            {
                if (client == _client && !change.IsConnected)
                    OnClosed();
            },
        });
        _client = client;
        try
        {
            client.ConnectAsync().GetAwaiter().GetResult();
            return true;
        }
        catch (MqttException)
        {
            Close();
            return false;
        }
    }

    public override void Close() => Interlocked.Exchange(ref _client, null)?.DisposeAsync().AsTask().GetAwaiter().GetResult();

    public override bool Publish(string topic, byte[] payload, int quality) => Try(client => client.PublishAsync(new MqttMessage(topic, payload, (QualityOfService)quality)));

    public override bool Subscribe(string filter, int quality) => Try(client => client.SubscribeAsync(filter, (QualityOfService)quality));

    public override bool Unsubscribe(string filter) => Try(client => client.UnsubscribeAsync(filter));

    private bool Try(Func<MqttClient, Task> send)
    {
        if (_client is not { } client)
            return false;
        _ = send(client).ContinueWith(task => task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return true;
    }
}
