using EdgeMl.Mcu.Mqtt.Broker;
using EdgeMl.Mcu.Mqtt.Packets;
using EdgeMl.Mcu.Mqtt.Tests.Support;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Mqtt.Tests.Broker;

public class SubscriptionTests
{
    [Theory]
    [InlineData(QualityOfService.AtMostOnce, QualityOfService.ExactlyOnce, QualityOfService.AtMostOnce)]
    [InlineData(QualityOfService.ExactlyOnce, QualityOfService.AtLeastOnce, QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.ExactlyOnce, QualityOfService.ExactlyOnce, QualityOfService.ExactlyOnce)]
    [InlineData(QualityOfService.AtLeastOnce, QualityOfService.AtMostOnce, QualityOfService.AtMostOnce)]
    public async Task A_message_has_the_lower_one_of_the_published_and_the_subscribed_quality(
        QualityOfService published, QualityOfService subscribed, QualityOfService expected)
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        using RawConnection subscriber = await RawConnection.ConnectAsync(broker, "s"), publisher = await RawConnection.ConnectAsync(broker, "p");
        await subscriber.SubscribeAsync("a", subscribed);
        await publisher.PublishAsync("a", [1], published, id: (ushort)(published == QualityOfService.AtMostOnce ? 0 : 1));
        Assert.Equal(expected, (await subscriber.ReceiveAsync<OutgoingPublish>()).Message.Quality);
    }

    [Fact]
    public async Task Overlapping_subscriptions_give_a_message_once_with_the_highest_quality()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        using RawConnection subscriber = await RawConnection.ConnectAsync(broker, "s"), publisher = await RawConnection.ConnectAsync(broker, "p");
        await subscriber.SubscribeAsync("a/+", QualityOfService.AtMostOnce);
        await subscriber.SubscribeAsync("#", QualityOfService.ExactlyOnce);
        await subscriber.SubscribeAsync("a/b", QualityOfService.AtLeastOnce);
        await publisher.PublishAsync("a/b", [], QualityOfService.ExactlyOnce, id: 1);
        Assert.Equal(QualityOfService.ExactlyOnce, (await subscriber.ReceiveAsync<OutgoingPublish>()).Message.Quality);
        await subscriber.ExpectNothingAsync();
    }

    [Fact]
    public async Task Subscribing_again_changes_the_quality_and_sends_retained_messages_again()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        using RawConnection client = await RawConnection.ConnectAsync(broker, "c");
        await client.PublishAsync("a", [1], QualityOfService.AtLeastOnce, id: 1, retain: true);
        await client.ReceiveAsync(PacketType.Puback);
        foreach (var quality in (QualityOfService[])[QualityOfService.AtLeastOnce, QualityOfService.AtMostOnce])
        {
            await client.SubscribeAsync("a", quality);
            var retained = await client.ReceiveAsync<OutgoingPublish>();
            Assert.Equal((true, quality), (retained.Message.Retain, retained.Message.Quality));
        }
        await client.PublishAsync("a", [2], QualityOfService.AtMostOnce);
        Assert.False((await client.ReceiveAsync<OutgoingPublish>()).Message.Retain);
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Topics_of_the_broker_are_matched_by_no_leading_wildcard_and_published_to_by_nobody()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        using RawConnection client = await RawConnection.ConnectAsync(broker, "c");
        await client.SubscribeAsync("#", QualityOfService.AtMostOnce);
        await client.SubscribeAsync("$x/#", QualityOfService.AtMostOnce);
        await client.PublishAsync("$x/a", [], QualityOfService.AtLeastOnce, id: 1);
        Assert.Equal(1, await client.ReceiveAsync(PacketType.Puback));
        await client.ExpectNothingAsync();
        Assert.Equal(1, broker.Statistics.Denied);
    }

    [Fact]
    public async Task Each_filter_of_a_request_has_its_own_answer()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync(
            new TestAccess { Subscribe = (_, filter) => filter != "forbidden" }, new BrokerLimits { SubscriptionsMax = 2, TopicLevelsMax = 3 });
        using RawConnection client = await RawConnection.ConnectAsync(broker, "c");
        await client.SendAsync(new SubscribePacket(7,
        [
            new("forbidden", QualityOfService.AtMostOnce),
            new("1/2/3/4", QualityOfService.AtMostOnce),
            new("a", QualityOfService.ExactlyOnce),
            new("b", QualityOfService.AtLeastOnce),
            new("c", QualityOfService.AtLeastOnce),
            new("a", QualityOfService.AtMostOnce),
        ]));
        SubackPacket answer = await client.ReceiveAsync<SubackPacket>();
        Assert.Equal(7, answer.PacketId);
        Assert.Equal([0x80, 0x80, 2, 1, 0x80, 0], answer.ReturnCodes);
    }

    [Fact]
    public async Task A_will_to_a_forbidden_topic_refuses_the_connection()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync(new TestAccess { Publish = (_, topic) => topic != "forbidden" });
        using RawConnection client = await RawConnection.OpenAsync(broker.EndPoints[0]);
        await client.SendAsync(new ConnectPacket { ClientId = "c", CleanSession = true, KeepAlive = 0, Will = new MqttMessage("forbidden", default) });
        Assert.Equal(ConnectReturnCode.NotAuthorized, (await client.ReceiveAsync<ConnackPacket>()).ReturnCode);
        await client.ExpectClosedAsync();
        Assert.Equal(0, broker.Statistics.Sessions);
    }

    [Fact]
    public async Task A_retained_will_is_kept()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        using (await RawConnection.ConnectAsync(broker, "c", will: new MqttMessage("will", new byte[] { 1 }, QualityOfService.ExactlyOnce, retain: true)))
        {
        }
        await Patience.UntilAsync(() => broker.Statistics.Retained == 1, "the will is retained");
        using RawConnection later = await RawConnection.ConnectAsync(broker, "later");
        await later.SubscribeAsync("will", QualityOfService.ExactlyOnce);
        var message = await later.ReceiveAsync<OutgoingPublish>();
        Assert.Equal((true, QualityOfService.ExactlyOnce), (message.Message.Retain, message.Message.Quality));
    }
}
