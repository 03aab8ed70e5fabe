using System.Collections.Concurrent;
using System.Net;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Device.Network;
using EdgeMl.Mcu.Mqtt;
using EdgeMl.Mcu.Mqtt.Broker;
using EdgeMl.Mcu.Mqtt.Client;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Device.Tests.Network;

/// <summary>The link with its thread on a real broker.</summary>
public sealed class LinkOverBrokerTests : IAsyncDisposable
{
    private readonly DeviceTopics _topics = new("plant", "pump-1");
    private readonly ConcurrentQueue<string> _uplink = new();
    private MqttBroker _broker = NewBroker(0);

    public async ValueTask DisposeAsync() => await _broker.DisposeAsync();

    [Fact]
    public async Task Messages_go_both_ways_and_a_broker_that_went_away_is_found_again()
    {
        await StartAsync();
        int port = _broker.EndPoints[0].Port;
        using var work = new AutoResetEvent(false);
        using var news = new AutoResetEvent(false);
        var transport = new HostTransport(new MqttClientOptions { Host = "127.0.0.1", Port = port, ClientId = "pump-1" });
        var link = new SupervisedLink(transport, new ScriptedNetwork(), new TestClock(), work, news) { Inbox = new Inbox(_topics, 1024) };
        var thread = new Thread(link.Run);
        thread.Start();
        try
        {
            await ExchangeAsync(link, "first");
            int before = link.Connection;

            await _broker.DisposeAsync();
            await Patience.UntilAsync(() => link.Connection == 0, "the connection ends");
            // Attempts fail as long as there is no broker.
            link.Connect();
            await Patience.UntilAsync(() => link.State == LinkState.Closed, "the attempt fails");
            _broker = NewBroker(port);
            await StartAsync();

            await ExchangeAsync(link, "second");
            Assert.True(link.Connection > before);
        }
        finally
        {
            link.Stop();
        }
        Assert.True(thread.Join(Patience.Limit));
    }

    private async Task ExchangeAsync(SupervisedLink link, string text)
    {
        await Patience.UntilAsync(() =>
        {
            link.Connect();
            return link.Connection != 0;
        }, "a connection");
        Assert.True(link.Subscribe(_topics.DownFilter, 1));
        byte[] payload = [.. text.Select(c => (byte)c)];
        Assert.True(link.Publish(_topics.Hello, payload, 0, payload.Length, 1));
        await Patience.UntilAsync(() => _uplink.TryDequeue(out string? received) && received == text, "the uplink");
        await Patience.UntilAsync(() =>
        {
            _ = _broker.PublishAsync(new MqttMessage(_topics.Desired, payload, QualityOfService.AtLeastOnce)).AsTask();
            // Those of the exchange before may still wait.
            bool isRight = false;
            while (!isRight && link.Inbox.Take() == MessageKind.Desired)
            {
                isRight = link.Inbox.Buffer.AsSpan(link.Inbox.Offset, link.Inbox.Length).SequenceEqual(payload);
                link.Inbox.Release();
            }
            return isRight;
        }, "the downlink");
    }

    private async Task StartAsync()
    {
        await _broker.StartAsync(TestContext.Current.CancellationToken);
        await _broker.SubscribeAsync([_topics.Hello], (message, _) =>
        {
            _uplink.Enqueue(System.Text.Encoding.ASCII.GetString(message.Payload.Span));
            return ValueTask.CompletedTask;
        });
    }

    private static MqttBroker NewBroker(int port) => new(new BrokerOptions { Listeners = [new BrokerListener(new IPEndPoint(IPAddress.Loopback, port))], Access = new Anyone() });

    private sealed class Anyone : IBrokerAccess
    {
        public ValueTask<ConnectReturnCode> AuthenticateAsync(ConnectRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(ConnectReturnCode.Accepted);

        public bool MayPublish(BrokerClient client, ReadOnlySpan<char> topic) => true;

        public bool MaySubscribe(BrokerClient client, string filter) => true;
    }
}
