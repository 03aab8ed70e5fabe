using System.Net;
using System.Net.Security;
using System.Text;
using EdgeMl.Mcu.Mqtt.Broker;
using EdgeMl.Mcu.Mqtt.Client;
using EdgeMl.Mcu.Mqtt.Tests.Support;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Mqtt.Tests.Contract;

public class ConnectionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_options_a_broker_listens_on_the_loopback_interface_only()
    {
        var options = new BrokerOptions { Access = new TestAccess() };
        Assert.All(options.Listeners, listener => Assert.True(IPAddress.IsLoopback(listener.EndPoint.Address)));

        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        Assert.NotEqual(0, Assert.Single(broker.EndPoints).Port);
    }

    [Fact]
    public async Task A_port_that_is_in_use_is_an_error_that_says_so()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        var exception = await Assert.ThrowsAsync<MqttException>(() => Implementation.StartBrokerAsync(port: broker.EndPoints[0].Port));
        Assert.Equal(MqttErrorCodes.ListenFailed, exception.Code);
        Assert.Contains(broker.EndPoints[0].ToString(), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_an_error_that_says_so()
    {
        IPEndPoint nobody;
        using (var server = new RawServer())
            nobody = server.EndPoint;
        await using IMqttClient client = Implementation.Client(Implementation.OptionsFor(nobody));

        var exception = await Assert.ThrowsAsync<MqttException>(() => client.ConnectAsync(Cancellation));
        Assert.Equal(MqttErrorCodes.Unreachable, exception.Code);
        Assert.False(client.IsConnected);
        exception = await Assert.ThrowsAsync<MqttException>(() => client.PublishAsync(new MqttMessage("a", default), Cancellation));
        Assert.Equal(MqttErrorCodes.NotConnected, exception.Code);
    }

    [Theory]
    [InlineData("device-1", "right", null)]
    [InlineData("device-1", "wrong", ConnectReturnCode.BadUserNameOrPassword)]
    [InlineData(null, null, ConnectReturnCode.NotAuthorized)]
    public async Task The_host_decides_who_may_connect(string? user, string? password, ConnectReturnCode? refusal)
    {
        var access = new TestAccess
        {
            Authenticate = request =>
                request.Client.UserName is null ? ConnectReturnCode.NotAuthorized
                : request.Password is { } bytes && Encoding.UTF8.GetString(bytes.Span) == "right" ? ConnectReturnCode.Accepted
                : ConnectReturnCode.BadUserNameOrPassword,
        };
        await using IMqttBroker broker = await Implementation.StartBrokerAsync(access);
        await using IMqttClient client = Implementation.Client(Implementation.OptionsFor(broker.EndPoints[0]) with { UserName = user, Password = password });

        if (refusal is null)
        {
            await client.ConnectAsync(Cancellation);
            Assert.True(client.IsConnected);
            return;
        }
        var exception = await Assert.ThrowsAsync<MqttException>(() => client.ConnectAsync(Cancellation));
        Assert.Equal(MqttErrorCodes.ConnectRefused, exception.Code);
        Assert.Contains(refusal.ToString()!, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_host_decides_who_may_publish_and_subscribe_where()
    {
        var received = new Mailbox<MqttMessage>();
        static bool IsOwn(BrokerClient client, string topic) =>
            client.UserName == "relay" || topic.StartsWith($"devices/{client.UserName}/", StringComparison.Ordinal);
        await using IMqttBroker broker = await Implementation.StartBrokerAsync(new TestAccess { Publish = IsOwn, Subscribe = IsOwn });
        MqttClientOptions options = Implementation.OptionsFor(broker.EndPoints[0], received);
        await using IMqttClient relay = await Implementation.ConnectAsync(options with { UserName = "relay" });
        await using IMqttClient device = await Implementation.ConnectAsync(options with { UserName = "7" });
        await relay.SubscribeAsync("#", QualityOfService.AtLeastOnce, Cancellation);

        await device.SubscribeAsync("devices/7/#", QualityOfService.AtLeastOnce, Cancellation);
        foreach (string filter in (string[])["devices/8/#", "#", "devices/+/status"])
        {
            var exception = await Assert.ThrowsAsync<MqttException>(() => device.SubscribeAsync(filter, QualityOfService.AtLeastOnce, Cancellation));
            Assert.Equal(MqttErrorCodes.SubscribeRefused, exception.Code);
        }
        await device.UnsubscribeAsync("devices/7/#", Cancellation);
        await device.PublishAsync(new MqttMessage("devices/8/status", default, QualityOfService.AtLeastOnce), Cancellation);
        await device.PublishAsync(new MqttMessage("devices/7/status", default, QualityOfService.AtLeastOnce), Cancellation);

        Assert.Equal("devices/7/status", (await received.NextAsync()).Topic);
        Assert.Equal(0, received.Count);
    }

    [Fact]
    public async Task TLS_protects_messages_and_a_certificate_that_is_not_trusted_is_refused()
    {
        var received = new Mailbox<MqttMessage>();
        var listener = new BrokerListener(new IPEndPoint(IPAddress.Loopback, 0), new SslServerAuthenticationOptions { ServerCertificate = TestCertificate.Value });
        await using IMqttBroker broker = await Implementation.StartBrokerAsync(listener: listener);
        MqttClientOptions options = Implementation.OptionsFor(broker.EndPoints[0], received);
        var pinned = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == TestCertificate.Value.GetCertHashString(),
        };

        await using (IMqttClient client = await Implementation.ConnectAsync(options with { Tls = pinned, KeepAlive = TimeSpan.FromSeconds(1) }))
        {
            await client.SubscribeAsync("a", QualityOfService.AtLeastOnce, Cancellation);
            await client.PublishAsync(new MqttMessage("a", new byte[100_000], QualityOfService.AtLeastOnce), Cancellation);
            Assert.Equal(100_000, (await received.NextAsync()).Payload.Length);
        }
        Assert.Null(pinned.TargetHost);

        await using IMqttClient distrustful = Implementation.Client(options with { Tls = new SslClientAuthenticationOptions() });
        var exception = await Assert.ThrowsAsync<MqttException>(() => distrustful.ConnectAsync(Cancellation));
        Assert.Equal(MqttErrorCodes.Unreachable, exception.Code);
    }

    [Fact]
    public async Task After_a_broker_restart_subscriptions_and_unacknowledged_messages_go_on()
    {
        var received = new Mailbox<MqttMessage>();
        var changes = new Mailbox<ConnectionChange>();
        IMqttBroker broker = await Implementation.StartBrokerAsync();
        IPEndPoint address = broker.EndPoints[0];
        await using IMqttClient client = await Implementation.ConnectAsync(Implementation.OptionsFor(address, received) with { ConnectionHandler = changes.Add });
        await client.SubscribeAsync("a/#", QualityOfService.AtLeastOnce, Cancellation);
        Assert.True((await changes.NextAsync()).IsConnected);

        await broker.DisposeAsync();
        Assert.False((await changes.NextAsync()).IsConnected);
        Task published = client.PublishAsync(new MqttMessage("a/b", default, QualityOfService.AtLeastOnce), Cancellation);
        Assert.False(published.IsCompleted);
        broker = await Implementation.StartBrokerAsync(port: address.Port);
        await using (broker)
        {
            await published.WaitAsync(Patience.Limit, Cancellation);
            Assert.Equal("a/b", (await received.NextAsync()).Topic);
        }
    }

    [Fact]
    public async Task A_client_that_disconnects_has_no_will_and_one_that_vanishes_has()
    {
        var received = new Mailbox<MqttMessage>();
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        await using IMqttClient watcher = await Implementation.ConnectAsync(broker, received);
        await watcher.SubscribeAsync("gone/#", QualityOfService.AtLeastOnce, Cancellation);
        var polite = Implementation.OptionsFor(broker.EndPoints[0]) with { Will = new MqttMessage("gone/polite", default, QualityOfService.AtLeastOnce) };
        await (await Implementation.ConnectAsync(polite)).DisposeAsync();

        RawConnection vanishing = await RawConnection.ConnectAsync(broker, "v", will: new MqttMessage("gone/vanished", "bye"u8.ToArray(), QualityOfService.AtLeastOnce));
        vanishing.Dispose();

        MqttMessage will = await received.NextAsync();
        Assert.Equal("gone/vanished", will.Topic);
        Assert.Equal("bye"u8.ToArray(), will.Payload.ToArray());
        Assert.Equal(0, received.Count);
    }

    [Fact]
    public async Task A_kept_session_gets_the_messages_of_its_absence()
    {
        Mailbox<MqttMessage> before = new(), after = new();
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        MqttClientOptions options = Implementation.OptionsFor(broker.EndPoints[0], before) with { ClientId = "device", CleanSession = false };
        await using (IMqttClient client = await Implementation.ConnectAsync(options))
            await client.SubscribeAsync("a", QualityOfService.AtLeastOnce, Cancellation);
        await using IMqttClient publisher = await Implementation.ConnectAsync(broker);

        await publisher.PublishAsync(new MqttMessage("a", "1"u8.ToArray(), QualityOfService.AtLeastOnce), Cancellation);
        await publisher.PublishAsync(new MqttMessage("a", "2"u8.ToArray(), QualityOfService.AtLeastOnce), Cancellation);

        await using IMqttClient again = await Implementation.ConnectAsync(Implementation.OptionsFor(broker.EndPoints[0], after) with { ClientId = "device", CleanSession = false });
        Assert.Equal("1"u8.ToArray(), (await after.NextAsync()).Payload.ToArray());
        Assert.Equal("2"u8.ToArray(), (await after.NextAsync()).Payload.ToArray());
        Assert.Equal(0, before.Count);
    }

    [Fact]
    public async Task A_message_whose_handler_fails_comes_again_in_a_kept_session()
    {
        var received = new Mailbox<MqttMessage>();
        int failuresLeft = 2;
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        await using IMqttClient client = await Implementation.ConnectAsync(Implementation.OptionsFor(broker.EndPoints[0]) with
        {
            ClientId = "relay",
            CleanSession = false,
            MessageHandler = (message, _) =>
            {
                if (Interlocked.Decrement(ref failuresLeft) >= 0)
                    throw new IOException("disk full");
                received.Add(message);
                return ValueTask.CompletedTask;
            },
        });
        await client.SubscribeAsync("a/#", QualityOfService.AtLeastOnce, Cancellation);
        await using IMqttClient publisher = await Implementation.ConnectAsync(broker);

        foreach (string topic in (string[])["a/1", "a/2", "a/3"])
            await publisher.PublishAsync(new MqttMessage(topic, default, QualityOfService.AtLeastOnce), Cancellation);

        var topics = new List<string>();
        while (topics.Distinct().Count() < 3)
            topics.Add((await received.NextAsync()).Topic);
        Assert.Equal(["a/1", "a/2", "a/3"], topics.Distinct());
        Assert.True(failuresLeft < 0);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_ends()
    {
        using var server = new RawServer();
        await using IMqttClient client = Implementation.Client(Implementation.OptionsFor(server.EndPoint));
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task connecting = client.ConnectAsync(cancellation.Token);
        using RawConnection connection = await server.AcceptSilentlyAsync();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.WaitAsync(Patience.Limit, Cancellation));
    }
}
