using EdgeMl.Mcu.Mqtt.Tests.Support;

namespace EdgeMl.Mcu.Mqtt.Tests.Contract;

public class MessagingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(QualityOfService.AtMostOnce, 0)]
    [InlineData(QualityOfService.AtMostOnce, 200_000)]
    [InlineData(QualityOfService.AtLeastOnce, 0)]
    [InlineData(QualityOfService.AtLeastOnce, 1)]
    [InlineData(QualityOfService.AtLeastOnce, 200_000)]
    public async Task A_published_message_reaches_the_subscriber_unchanged(QualityOfService quality, int length)
    {
        byte[] payload = new byte[length];
        new Random(length).NextBytes(payload);
        var received = new Mailbox<MqttMessage>();
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        await using IMqttClient subscriber = await Implementation.ConnectAsync(broker, received), publisher = await Implementation.ConnectAsync(broker);
        await subscriber.SubscribeAsync("geräte/+/status", quality, Cancellation);

        await publisher.PublishAsync(new MqttMessage("geräte/7/status", payload, quality), Cancellation);

        MqttMessage message = await received.NextAsync();
        Assert.Equal("geräte/7/status", message.Topic);
        Assert.Equal(payload, message.Payload.ToArray());
        Assert.Equal(quality, message.Quality);
        Assert.False(message.Retain);
    }

    [Fact]
    public async Task Messages_arrive_in_the_order_of_publication()
    {
        const int count = 500;
        var received = new Mailbox<MqttMessage>();
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        await using IMqttClient subscriber = await Implementation.ConnectAsync(broker, received), publisher = await Implementation.ConnectAsync(broker);
        await subscriber.SubscribeAsync("#", QualityOfService.AtLeastOnce, Cancellation);

        for (int i = 0; i < count; i++)
            await publisher.PublishAsync(new MqttMessage("n", BitConverter.GetBytes(i), (QualityOfService)(i % 2)), Cancellation);

        for (int i = 0; i < count; i++)
            Assert.Equal(i, BitConverter.ToInt32((await received.NextAsync()).Payload.Span));
    }

    [Fact]
    public async Task A_retained_message_reaches_later_subscribers_until_it_is_cleared()
    {
        Mailbox<MqttMessage> first = new(), second = new();
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        await using IMqttClient publisher = await Implementation.ConnectAsync(broker);
        await publisher.PublishAsync(new MqttMessage("a/b", "old"u8.ToArray(), QualityOfService.AtLeastOnce, retain: true), Cancellation);
        await publisher.PublishAsync(new MqttMessage("a/b", "new"u8.ToArray(), QualityOfService.AtLeastOnce, retain: true), Cancellation);

        await using IMqttClient one = await Implementation.ConnectAsync(broker, first);
        await one.SubscribeAsync("a/+", QualityOfService.AtLeastOnce, Cancellation);
        MqttMessage message = await first.NextAsync();
        Assert.True(message.Retain);
        Assert.Equal("new"u8.ToArray(), message.Payload.ToArray());

        await publisher.PublishAsync(new MqttMessage("a/b", default, QualityOfService.AtLeastOnce, retain: true), Cancellation);
        Assert.Equal(0, (await first.NextAsync()).Payload.Length);
        await using IMqttClient two = await Implementation.ConnectAsync(broker, second);
        await two.SubscribeAsync("a/+", QualityOfService.AtLeastOnce, Cancellation);
        await publisher.PublishAsync(new MqttMessage("a/c", "live"u8.ToArray(), QualityOfService.AtLeastOnce), Cancellation);
        Assert.Equal("a/c", (await second.NextAsync()).Topic);
    }

    [Fact]
    public async Task After_unsubscribing_nothing_more_arrives()
    {
        var received = new Mailbox<MqttMessage>();
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        await using IMqttClient client = await Implementation.ConnectAsync(broker, received);
        await client.SubscribeAsync("a", QualityOfService.AtLeastOnce, Cancellation);
        await client.SubscribeAsync("b", QualityOfService.AtLeastOnce, Cancellation);
        await client.UnsubscribeAsync("a", Cancellation);

        await client.PublishAsync(new MqttMessage("a", default, QualityOfService.AtLeastOnce), Cancellation);
        await client.PublishAsync(new MqttMessage("b", default, QualityOfService.AtLeastOnce), Cancellation);

        Assert.Equal("b", (await received.NextAsync()).Topic);
        Assert.Equal(0, received.Count);
    }

    [Fact]
    public async Task A_handler_may_publish_and_wait_for_the_acknowledgement()
    {
        var received = new Mailbox<MqttMessage>();
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        IMqttClient? client = null;
        client = await Implementation.ConnectAsync(Implementation.OptionsFor(broker.EndPoints[0]) with
        {
            MessageHandler = async (message, cancellation) =>
            {
                received.Add(message);
                if (message.Topic == "question")
                    await client!.PublishAsync(new MqttMessage("answer", default, QualityOfService.AtLeastOnce), cancellation);
            },
        });
        await using (client)
        {
            await client.SubscribeAsync("#", QualityOfService.AtLeastOnce, Cancellation);
            await client.PublishAsync(new MqttMessage("question", default, QualityOfService.AtLeastOnce), Cancellation);
            Assert.Equal("question", (await received.NextAsync()).Topic);
            Assert.Equal("answer", (await received.NextAsync()).Topic);
        }
    }

    [Fact]
    public async Task Many_publishers_at_once_lose_nothing_with_QoS_1()
    {
        const int publishers = 8, each = 100;
        var received = new Mailbox<MqttMessage>();
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        await using IMqttClient subscriber = await Implementation.ConnectAsync(broker, received), publisher = await Implementation.ConnectAsync(broker);
        await subscriber.SubscribeAsync("p/#", QualityOfService.AtLeastOnce, Cancellation);

        await Task.WhenAll(Enumerable.Range(0, publishers).Select(p => Task.Run(async () =>
        {
            for (int i = 0; i < each; i++)
                await publisher.PublishAsync(new MqttMessage($"p/{p}/{i}", default, QualityOfService.AtLeastOnce), Cancellation);
        })));

        var topics = new HashSet<string>();
        for (int i = 0; i < publishers * each; i++)
            topics.Add((await received.NextAsync()).Topic);
        Assert.Equal(publishers * each, topics.Count);
        Assert.Equal(0, broker.Statistics.MessagesDropped);
    }
}
