using EdgeMl.Mcu.Mqtt.Broker;
using EdgeMl.Mcu.Mqtt.Packets;
using EdgeMl.Mcu.Mqtt.Tests.Support;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Mqtt.Tests.Broker;

public class SessionTests
{
    [Fact]
    public async Task A_second_connection_of_a_client_takes_the_session_over_and_the_first_leaves_its_will()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        using RawConnection watcher = await RawConnection.ConnectAsync(broker, "watcher");
        await watcher.SubscribeAsync("will", QualityOfService.AtMostOnce);
        using RawConnection first = await RawConnection.ConnectAsync(broker, "c", clean: false, will: new MqttMessage("will", default));
        await first.SubscribeAsync("a", QualityOfService.AtLeastOnce);

        using RawConnection second = await RawConnection.ConnectAsync(broker, "c", clean: false);
        Assert.True(second.SessionPresent);
        await first.ExpectClosedAsync();
        Assert.Equal("will", (await watcher.ReceiveAsync<OutgoingPublish>()).Message.Topic);
        await watcher.PublishAsync("a", [], QualityOfService.AtLeastOnce, id: 1);
        Assert.Equal("a", (await second.ReceiveAsync<OutgoingPublish>()).Message.Topic);
    }

    [Fact]
    public async Task A_clean_session_forgets_the_one_before_and_is_itself_forgotten()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        foreach (bool clean in (bool[])[false, true])
        {
            using RawConnection connection = await RawConnection.ConnectAsync(broker, "c", clean);
            Assert.False(connection.SessionPresent);
            await connection.SubscribeAsync("a", QualityOfService.AtLeastOnce);
        }
        await Patience.UntilAsync(() => broker.Statistics.Sessions == 0, "the session is gone");
        using RawConnection last = await RawConnection.ConnectAsync(broker, "c", clean: false);
        Assert.False(last.SessionPresent);
        await last.PublishAsync("a", []);
        await last.ExpectNothingAsync();
    }

    [Fact]
    public async Task Nobody_takes_over_the_session_of_another_user()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        using RawConnection owner = await RawConnection.ConnectAsync(broker, "c", clean: false, userName: "owner");
        using RawConnection thief = await RawConnection.OpenAsync(broker.EndPoints[0]);
        await thief.SendAsync(new ConnectPacket { ClientId = "c", CleanSession = true, KeepAlive = 0, UserName = "thief" });
        Assert.Equal(ConnectReturnCode.NotAuthorized, (await thief.ReceiveAsync<ConnackPacket>()).ReturnCode);
        await thief.ExpectClosedAsync();
        await owner.ExpectNothingAsync();
    }

    [Fact]
    public async Task An_unacknowledged_message_comes_again_with_DUP_before_new_ones()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        using RawConnection publisher = await RawConnection.ConnectAsync(broker, "publisher");
        ushort id;
        using (RawConnection connection = await RawConnection.ConnectAsync(broker, "c", clean: false))
        {
            await connection.SubscribeAsync("a/#", QualityOfService.AtLeastOnce);
            await publisher.PublishAsync("a/1", [], QualityOfService.AtLeastOnce, id: 1);
            id = (await connection.ReceiveAsync<OutgoingPublish>()).PacketId;
        }
        await Patience.UntilAsync(() => broker.Statistics.Connections == 1, "disconnected");
        await publisher.PublishAsync("a/2", [], QualityOfService.AtLeastOnce, id: 2);
        await publisher.ReceiveAsync(PacketType.Puback);
        await publisher.ReceiveAsync(PacketType.Puback);

        using RawConnection again = await RawConnection.ConnectAsync(broker, "c", clean: false);
        var first = await again.ReceiveAsync<OutgoingPublish>();
        var second = await again.ReceiveAsync<OutgoingPublish>();
        Assert.Equal(("a/1", id, true), (first.Message.Topic, first.PacketId, first.Duplicate));
        Assert.Equal(("a/2", false), (second.Message.Topic, second.Duplicate));
        Assert.NotEqual(first.PacketId, second.PacketId);
        await again.SendAsync(new AcknowledgementPacket(PacketType.Puback, first.PacketId), new AcknowledgementPacket(PacketType.Puback, second.PacketId));
        await again.ExpectNothingAsync();
    }

    [Fact]
    public async Task QoS_0_messages_are_not_kept_for_clients_that_are_away()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        using (RawConnection connection = await RawConnection.ConnectAsync(broker, "c", clean: false))
            await connection.SubscribeAsync("a", QualityOfService.AtLeastOnce);
        await Patience.UntilAsync(() => broker.Statistics.Connections == 0, "disconnected");
        using RawConnection publisher = await RawConnection.ConnectAsync(broker, "publisher");
        await publisher.PublishAsync("a", []);
        await publisher.ExpectNothingAsync();

        using RawConnection again = await RawConnection.ConnectAsync(broker, "c", clean: false);
        await again.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_session_that_was_away_too_long_is_forgotten()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync(limits: new BrokerLimits { SessionExpiry = TimeSpan.FromMilliseconds(50) });
        using (RawConnection connection = await RawConnection.ConnectAsync(broker, "c", clean: false))
            await connection.SubscribeAsync("a", QualityOfService.AtLeastOnce);
        await Patience.UntilAsync(() => broker.Statistics.Sessions == 0, "the session is gone");
    }

    [Fact]
    public async Task For_a_new_session_over_the_limit_the_one_longest_away_is_forgotten()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync(limits: new BrokerLimits { ClientsMax = 3, SessionsMax = 3 });
        foreach (string id in (string[])["1", "2", "3"])
        {
            using (await RawConnection.ConnectAsync(broker, id, clean: false))
            {
            }
            await Patience.UntilAsync(() => broker.Statistics.Connections == 0, "disconnected");
        }
        using RawConnection fourth = await RawConnection.ConnectAsync(broker, "4", clean: false);
        using RawConnection second = await RawConnection.ConnectAsync(broker, "2", clean: false);
        Assert.True(second.SessionPresent);
        Assert.Equal(3, broker.Statistics.Sessions);
    }

    [Fact]
    public async Task A_client_without_an_identifier_gets_one_only_for_a_clean_session()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        using RawConnection one = await RawConnection.ConnectAsync(broker, "", clean: true), two = await RawConnection.ConnectAsync(broker, "", clean: true);
        await one.ExpectNothingAsync();
        using RawConnection keeper = await RawConnection.OpenAsync(broker.EndPoints[0]);
        await keeper.SendAsync(new ConnectPacket { ClientId = "", CleanSession = false, KeepAlive = 0 });
        Assert.Equal(ConnectReturnCode.IdentifierRejected, (await keeper.ReceiveAsync<ConnackPacket>()).ReturnCode);
        await keeper.ExpectClosedAsync();
    }
}
