using System.Text;
using EdgeMl.Mcu.Mqtt.Client;
using EdgeMl.Mcu.Mqtt.Packets;
using EdgeMl.Mcu.Mqtt.Tests.Support;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Testing.Brokers;

namespace EdgeMl.Mcu.Mqtt.Tests.Interoperation;

/// <summary>This client with somebody else's broker. All tests of a class share a broker, so each has topics of its own.</summary>
public abstract class ExternalBrokerTests(RunningBroker running)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private readonly string _root = Guid.NewGuid().ToString("N");

    /// <summary>A broker of this kind that does not run yet; without the program the test is skipped.</summary>
    protected abstract ExternalBroker Make(BrokerUser user);

    [Theory]
    [InlineData(QualityOfService.AtMostOnce)]
    [InlineData(QualityOfService.AtLeastOnce)]
    public async Task Messages_arrive_unchanged_and_in_order(QualityOfService quality)
    {
        const int count = 200;
        var received = new Mailbox<MqttMessage>();
        await using IMqttClient subscriber = await ConnectAsync(received), publisher = await ConnectAsync();
        await subscriber.SubscribeAsync($"{_root}/a", quality, Cancellation);
        byte[][] payloads = [.. Enumerable.Range(0, count).Select(i => Payload(i, length: i * 7))];
        foreach (byte[] payload in payloads)
            await publisher.PublishAsync(new MqttMessage($"{_root}/a", payload, quality), Cancellation);
        foreach (byte[] payload in payloads)
        {
            MqttMessage message = await received.NextAsync();
            Assert.Equal(($"{_root}/a", quality), (message.Topic, message.Quality));
            Assert.Equal(payload, message.Payload.ToArray());
        }
    }

    [Fact]
    public async Task Wildcards_select_levels_and_what_is_below()
    {
        Mailbox<MqttMessage> single = new(), multi = new();
        await using IMqttClient one = await ConnectAsync(single), all = await ConnectAsync(multi), publisher = await ConnectAsync();
        await one.SubscribeAsync($"{_root}/up/+/status", QualityOfService.AtLeastOnce, Cancellation);
        await all.SubscribeAsync($"{_root}/up/#", QualityOfService.AtLeastOnce, Cancellation);
        string[] topics = [$"{_root}/up/d-1/status", $"{_root}/up/d_2/status", $"{_root}/up/d-1/hello", $"{_root}/up/d-1/status/deep", $"{_root}/down/d-1/status", $"{_root}/up/end"];
        foreach (string topic in topics)
            await publisher.PublishAsync(new MqttMessage(topic, default, QualityOfService.AtLeastOnce), Cancellation);

        Assert.Equal([topics[0], topics[1]], [(await single.NextAsync()).Topic, (await single.NextAsync()).Topic]);
        foreach (string topic in topics.Where(topic => topic.StartsWith($"{_root}/up/", StringComparison.Ordinal)))
            Assert.Equal(topic, (await multi.NextAsync()).Topic);
        Assert.Equal((0, 0), (single.Count, multi.Count));
    }

    [Fact]
    public async Task A_retained_message_reaches_a_later_subscriber()
    {
        var received = new Mailbox<MqttMessage>();
        await using IMqttClient publisher = await ConnectAsync(), latecomer = await ConnectAsync(received);
        await publisher.PublishAsync(new MqttMessage($"{_root}/kept", "old"u8.ToArray(), QualityOfService.AtLeastOnce, retain: true), Cancellation);
        await publisher.PublishAsync(new MqttMessage($"{_root}/kept", "new"u8.ToArray(), QualityOfService.AtLeastOnce, retain: true), Cancellation);
        await latecomer.SubscribeAsync($"{_root}/kept", QualityOfService.AtLeastOnce, Cancellation);
        MqttMessage message = await received.NextAsync();
        Assert.True(message.Retain);
        Assert.Equal("new"u8.ToArray(), message.Payload.ToArray());
    }

    [Fact]
    public async Task The_will_of_a_client_that_vanishes_is_published()
    {
        var received = new Mailbox<MqttMessage>();
        await using IMqttClient watcher = await ConnectAsync(received);
        await watcher.SubscribeAsync($"{_root}/offline/+", QualityOfService.AtLeastOnce, Cancellation);
        using (RawConnection vanishing = await RawConnection.OpenAsync(running.Broker!.EndPoint))
        {
            await vanishing.SendAsync(new ConnectPacket
            {
                ClientId = Guid.NewGuid().ToString("N"),
                CleanSession = true,
                KeepAlive = 60,
                Will = new MqttMessage($"{_root}/offline/d", default, QualityOfService.AtLeastOnce),
                UserName = RunningBroker.User.Name,
                Password = Encoding.UTF8.GetBytes(RunningBroker.User.Password),
            });
            Assert.Equal(ConnectReturnCode.Accepted, (await vanishing.ReceiveAsync<ConnackPacket>()).ReturnCode);
        }
        Assert.Equal($"{_root}/offline/d", (await received.NextAsync()).Topic);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_with_an_error_that_says_so()
    {
        MqttClientOptions options = await OptionsAsync();
        foreach (MqttClientOptions wrong in (MqttClientOptions[])[options with { Password = "wrong" }, options with { UserName = null, Password = null }])
        {
            await using IMqttClient client = Implementation.Client(wrong);
            var exception = await Assert.ThrowsAsync<MqttException>(() => client.ConnectAsync(Cancellation));
            Assert.Equal(MqttErrorCodes.ConnectRefused, exception.Code);
            Assert.NotNull(exception.Hint);
        }
    }

    [Fact]
    public async Task After_the_broker_was_killed_the_client_comes_back_and_nothing_of_QoS_1_is_lost()
    {
        var received = new Mailbox<MqttMessage>();
        await using IMqttClient client = await ConnectAsync(received);
        await client.SubscribeAsync($"{_root}/#", QualityOfService.AtLeastOnce, Cancellation);
        await client.PublishAsync(new MqttMessage($"{_root}/before", default, QualityOfService.AtLeastOnce), Cancellation);
        Assert.Equal($"{_root}/before", (await received.NextAsync()).Topic);

        running.Broker!.Kill();
        Task[] published = [.. Enumerable.Range(0, 10).Select(i => client.PublishAsync(new MqttMessage($"{_root}/{i}", default, QualityOfService.AtLeastOnce), Cancellation))];
        await running.Broker.StartAsync();
        await Task.WhenAll(published).WaitAsync(Patience.Limit, Cancellation);
        var topics = new HashSet<string>();
        while (topics.Count < published.Length)
            topics.Add((await received.NextAsync()).Topic);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{_root}/{i}"), topics.Order());
    }

    private async Task<MqttClientOptions> OptionsAsync(Mailbox<MqttMessage>? received = null)
    {
        ExternalBroker broker = await running.StartAsync(Make);
        return Implementation.OptionsFor(broker.EndPoint, received) with { ClientId = Guid.NewGuid().ToString("N"), UserName = RunningBroker.User.Name, Password = RunningBroker.User.Password };
    }

    private async Task<IMqttClient> ConnectAsync(Mailbox<MqttMessage>? received = null) => await Implementation.ConnectAsync(await OptionsAsync(received));

    private static byte[] Payload(int seed, int length)
    {
        byte[] payload = new byte[length];
        new Random(seed).NextBytes(payload);
        return payload;
    }
}
