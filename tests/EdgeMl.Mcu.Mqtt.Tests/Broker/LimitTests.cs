using EdgeMl.Mcu.Mqtt.Broker;
using EdgeMl.Mcu.Mqtt.Packets;
using EdgeMl.Mcu.Mqtt.Tests.Support;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Mqtt.Tests.Broker;

public class LimitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_packet_over_the_limit_closes_the_connection()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync(limits: new BrokerLimits { PacketBytesMax = 1_000 });
        using RawConnection client = await RawConnection.ConnectAsync(broker, "c");
        await client.PublishAsync("a", new byte[990]);
        await client.ExpectNothingAsync();
        await client.SendAsync([0x30, 0xE8, 0x07]);
        await client.ExpectClosedAsync();
        Assert.Equal(1, broker.Statistics.ProtocolErrors);
    }

    [Fact]
    public async Task A_client_over_the_limit_is_closed_and_others_go_on()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync(limits: new BrokerLimits { ClientsMax = 2 });
        using RawConnection one = await RawConnection.ConnectAsync(broker, "1"), two = await RawConnection.ConnectAsync(broker, "2");
        using (RawConnection three = await RawConnection.OpenAsync(broker.EndPoints[0]))
            await three.ExpectClosedAsync();
        await one.ExpectNothingAsync();
        two.Dispose();
        await Patience.UntilAsync(() => broker.Statistics.Connections == 1, "room again");
        using RawConnection again = await RawConnection.ConnectAsync(broker, "3");
    }

    [Fact]
    public async Task A_connection_that_never_says_CONNECT_is_closed()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync(limits: new BrokerLimits { ConnectTimeout = TimeSpan.FromMilliseconds(100) });
        using RawConnection silent = await RawConnection.OpenAsync(broker.EndPoints[0]), slow = await RawConnection.OpenAsync(broker.EndPoints[0]);
        await slow.SendAsync([0x10, 0x20, 0x00]);
        await silent.ExpectClosedAsync();
        await slow.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_client_that_is_silent_for_one_and_a_half_keep_alives_is_closed_and_leaves_its_will()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        using RawConnection watcher = await RawConnection.ConnectAsync(broker, "watcher");
        await watcher.SubscribeAsync("will", QualityOfService.AtMostOnce);
        using RawConnection client = await RawConnection.ConnectAsync(broker, "c", keepAlive: 1, will: new MqttMessage("will", default));
        await client.ExpectClosedAsync();
        await watcher.ReceiveAsync<OutgoingPublish>();
    }

    [Fact]
    public async Task A_full_queue_drops_the_newest_messages_of_that_client_only()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync(limits: new BrokerLimits { QueueLengthMax = 5, InflightMax = 2 });
        using RawConnection publisher = await RawConnection.ConnectAsync(broker, "p"), other = await RawConnection.ConnectAsync(broker, "o");
        await other.SubscribeAsync("a/#", QualityOfService.AtMostOnce);
        using RawConnection stuck = await RawConnection.ConnectAsync(broker, "s", clean: false);
        await stuck.SubscribeAsync("a/#", QualityOfService.AtLeastOnce);
        for (int i = 0; i < 10; i++)
        {
            await publisher.PublishAsync($"a/{i}", [], QualityOfService.AtLeastOnce, id: 1);
            await publisher.ReceiveAsync(PacketType.Puback);
            Assert.Equal($"a/{i}", (await other.ReceiveAsync<OutgoingPublish>()).Message.Topic);
            // Two are sent and not acknowledged: the window is full, and the others wait.
            if (i < 2)
                Assert.Equal($"a/{i}", (await stuck.ReceiveAsync<OutgoingPublish>()).Message.Topic);
        }
        Assert.Equal(3, broker.Statistics.MessagesDropped);
        await stuck.SendAsync(new AcknowledgementPacket(PacketType.Puback, 1), new AcknowledgementPacket(PacketType.Puback, 2));
        for (int i = 2; i < 7; i++)
        {
            var message = await stuck.ReceiveAsync<OutgoingPublish>();
            Assert.Equal($"a/{i}", message.Message.Topic);
            await stuck.SendAsync(new AcknowledgementPacket(PacketType.Puback, message.PacketId));
        }
        await stuck.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_subscriber_that_does_not_read_holds_up_nobody_and_is_closed()
    {
        const int messages = 1_500;
        byte[] payload = new byte[10_000];
        await using IMqttBroker broker = await Implementation.StartBrokerAsync(limits: new BrokerLimits { SendTimeout = TimeSpan.FromMilliseconds(300), QueueBytesMax = 1 << 20 });
        using RawConnection stuck = await RawConnection.ConnectAsync(broker, "stuck");
        await stuck.SubscribeAsync("a", QualityOfService.AtMostOnce);
        using RawConnection publisher = await RawConnection.ConnectAsync(broker, "p");

        for (int i = 0; i < messages; i++)
            await publisher.PublishAsync("a", payload);
        await publisher.ExpectNothingAsync();

        Assert.Equal(messages, broker.Statistics.MessagesReceived);
        Assert.True(broker.Statistics.MessagesDropped > 0);
        await Patience.UntilAsync(() => broker.Statistics.Connections == 1, "the subscriber is closed");
    }

    [Fact]
    public async Task A_client_that_does_not_take_its_answers_is_not_read_any_further()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync(limits: new BrokerLimits { SendTimeout = TimeSpan.FromMilliseconds(300) });
        using RawConnection client = await RawConnection.ConnectAsync(broker, "c");
        byte[] pings = [.. Enumerable.Repeat((byte[])[0xC0, 0x00], 10_000).SelectMany(bytes => bytes)];
        // Both directions fill up; then the broker gives the client up.
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (true)
                await client.SendAsync(pings);
        });
        await Patience.UntilAsync(() => broker.Statistics.Connections == 0, "the client is closed");
    }

    [Fact]
    public async Task Retained_messages_over_the_limit_are_delivered_and_not_kept()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync(limits: new BrokerLimits { RetainedMax = 2 });
        using RawConnection client = await RawConnection.ConnectAsync(broker, "c");
        await client.SubscribeAsync("a/#", QualityOfService.AtMostOnce);
        foreach (string topic in (string[])["a/1", "a/2", "a/3", "a/2"])
        {
            await client.PublishAsync(topic, [1], retain: true);
            Assert.Equal(topic, (await client.ReceiveAsync<OutgoingPublish>()).Message.Topic);
        }
        Assert.Equal((2, 1), (broker.Statistics.Retained, (int)broker.Statistics.MessagesNotRetained));
    }

    [Fact]
    public async Task A_topic_of_too_many_levels_closes_the_connection()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        using RawConnection client = await RawConnection.ConnectAsync(broker, "c");
        await client.PublishAsync(new string('/', 60_000), []);
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Stopping_sends_what_waits_and_closes_all_connections_without_wills()
    {
        const int count = 200;
        IMqttBroker broker = await Implementation.StartBrokerAsync(limits: new BrokerLimits { StopTimeout = Patience.Limit });
        using RawConnection subscriber = await RawConnection.ConnectAsync(broker, "s"), publisher = await RawConnection.ConnectAsync(broker, "p", will: new MqttMessage("a/will", default));
        using RawConnection silent = await RawConnection.OpenAsync(broker.EndPoints[0]);
        await subscriber.SubscribeAsync("a/#", QualityOfService.AtMostOnce);
        for (int i = 0; i < count; i++)
            await publisher.PublishAsync($"a/{i}", new byte[100]);
        await publisher.ExpectNothingAsync();

        await broker.StopAsync(Cancellation).WaitAsync(Patience.Limit, Cancellation);

        for (int i = 0; i < count; i++)
            Assert.Equal($"a/{i}", (await subscriber.ReceiveAsync<OutgoingPublish>()).Message.Topic);
        await subscriber.ExpectClosedAsync();
        await silent.ExpectClosedAsync();
        Assert.Equal(0, broker.Statistics.Connections);
    }
}
