using EdgeMl.Mcu.Mqtt.Client;
using EdgeMl.Mcu.Mqtt.Packets;
using EdgeMl.Mcu.Mqtt.Tests.Support;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Mqtt.Tests.Client;

/// <summary>What the client sends, step by step, to a broker that answers as the test wants.</summary>
public class ClientExchangeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unacknowledged_messages_are_sent_again_in_order_on_a_new_connection()
    {
        using var server = new RawServer();
        await using IMqttClient client = Implementation.Client(Implementation.OptionsFor(server.EndPoint) with { ClientId = "c", CleanSession = false });
        Task connecting = client.ConnectAsync(Cancellation);
        RawConnection first = await server.AcceptAsync();
        await connecting;
        Task[] published = [.. Enumerable.Range(0, 3).Select(i => client.PublishAsync(Message($"{i}"), Cancellation))];
        OutgoingPublish[] sent = [await first.ReceiveAsync<OutgoingPublish>(), await first.ReceiveAsync<OutgoingPublish>(), await first.ReceiveAsync<OutgoingPublish>()];
        Assert.All(sent, packet => Assert.False(packet.Duplicate));
        await first.SendAsync(new AcknowledgementPacket(PacketType.Puback, sent[1].PacketId));
        await published[1].WaitAsync(Patience.Limit, Cancellation);
        first.Dispose();

        using RawConnection second = await server.AcceptAsync(sessionPresent: true);
        foreach (int i in (int[])[0, 2])
        {
            var again = await second.ReceiveAsync<OutgoingPublish>();
            Assert.True(again.Duplicate);
            Assert.Equal((sent[i].PacketId, sent[i].Message.Topic), (again.PacketId, again.Message.Topic));
            Assert.False(published[i].IsCompleted);
            await second.SendAsync(new AcknowledgementPacket(PacketType.Puback, again.PacketId));
            await published[i].WaitAsync(Patience.Limit, Cancellation);
        }
    }

    [Fact]
    public async Task A_full_window_holds_back_further_messages_until_an_acknowledgement()
    {
        using var server = new RawServer();
        await using IMqttClient client = Implementation.Client(Implementation.OptionsFor(server.EndPoint) with { InflightMax = 2, KeepAlive = TimeSpan.FromSeconds(1) });
        Task connecting = client.ConnectAsync(Cancellation);
        using RawConnection connection = await server.AcceptAsync();
        await connecting;
        Task[] published = [.. Enumerable.Range(0, 3).Select(i => client.PublishAsync(Message($"{i}"), Cancellation))];
        var first = await connection.ReceiveAsync<OutgoingPublish>();
        await connection.ReceiveAsync<OutgoingPublish>();

        // The probe of the quiet connection comes, the third message does not.
        Assert.Equal(new EmptyPacket(PacketType.Pingreq), await connection.ReceiveAsync());
        await connection.SendAsync(new EmptyPacket(PacketType.Pingresp), new AcknowledgementPacket(PacketType.Puback, first.PacketId));
        IOutgoingPacket? next = await connection.ReceiveAsync();
        while (next is EmptyPacket)
            next = await connection.ReceiveAsync();
        Assert.Equal("2", Assert.IsType<OutgoingPublish>(next).Message.Topic);
        Assert.False(published[1].IsCompleted);
    }

    [Fact]
    public async Task A_broker_that_does_not_answer_the_probe_is_left()
    {
        using var server = new RawServer();
        await using IMqttClient client = Implementation.Client(
            Implementation.OptionsFor(server.EndPoint) with { KeepAlive = TimeSpan.FromSeconds(1), AcknowledgementTimeout = TimeSpan.FromMilliseconds(200) });
        Task connecting = client.ConnectAsync(Cancellation);
        using RawConnection silent = await server.AcceptAsync();
        await connecting;
        Assert.Equal(new EmptyPacket(PacketType.Pingreq), await silent.ReceiveAsync());
        await silent.ExpectClosedAsync();
        using RawConnection again = await server.AcceptAsync();
        await Patience.UntilAsync(() => client.IsConnected, "connected again");
    }

    [Fact]
    public async Task A_message_that_is_not_acknowledged_in_time_is_sent_on_a_new_connection()
    {
        using var server = new RawServer();
        await using IMqttClient client = Implementation.Client(Implementation.OptionsFor(server.EndPoint) with { AcknowledgementTimeout = TimeSpan.FromMilliseconds(200) });
        Task connecting = client.ConnectAsync(Cancellation);
        using RawConnection first = await server.AcceptAsync();
        await connecting;
        Task published = client.PublishAsync(Message("a"), Cancellation);
        await first.ReceiveAsync<OutgoingPublish>();
        await first.ExpectClosedAsync();

        using RawConnection second = await server.AcceptAsync();
        var again = await second.ReceiveAsync<OutgoingPublish>();
        Assert.False(again.Duplicate);
        await second.SendAsync(new AcknowledgementPacket(PacketType.Puback, again.PacketId));
        await published.WaitAsync(Patience.Limit, Cancellation);
    }

    [Fact]
    public async Task Subscriptions_are_made_again_only_where_the_broker_forgot_them()
    {
        using var server = new RawServer();
        await using IMqttClient client = Implementation.Client(Implementation.OptionsFor(server.EndPoint) with { ClientId = "c", CleanSession = false });
        Task connecting = client.ConnectAsync(Cancellation);
        RawConnection connection = await server.AcceptAsync();
        await connecting;
        Task subscribing = client.SubscribeAsync("a/#", QualityOfService.AtLeastOnce, Cancellation);
        var request = await connection.ReceiveAsync<SubscribePacket>();
        await connection.SendAsync(new SubackPacket(request.PacketId, [1]));
        await subscribing;
        connection.Dispose();

        connection = await server.AcceptAsync(sessionPresent: true);
        await Patience.UntilAsync(() => client.IsConnected, "connected");
        await client.PublishAsync(new MqttMessage("x", default), Cancellation);
        await connection.ReceiveAsync<OutgoingPublish>();
        connection.Dispose();

        connection = await server.AcceptAsync(sessionPresent: false);
        request = await connection.ReceiveAsync<SubscribePacket>();
        Assert.Equal([new SubscribeRequest("a/#", QualityOfService.AtLeastOnce)], request.Requests);
        await connection.SendAsync(new SubackPacket(request.PacketId, [1]));
        await Patience.UntilAsync(() => client.IsConnected, "connected");
        connection.Dispose();
    }

    [Fact]
    public async Task A_message_is_acknowledged_when_its_handler_has_ended()
    {
        using var server = new RawServer();
        var started = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using IMqttClient client = Implementation.Client(Implementation.OptionsFor(server.EndPoint) with
        {
            KeepAlive = TimeSpan.FromSeconds(1),
            MessageHandler = async (_, _) =>
            {
                started.SetResult();
                await release.Task;
            },
        });
        Task connecting = client.ConnectAsync(Cancellation);
        using RawConnection connection = await server.AcceptAsync();
        await connecting;
        await connection.PublishAsync("a", [], QualityOfService.AtLeastOnce, id: 9);
        await started.Task.WaitAsync(Patience.Limit, Cancellation);
        Assert.Equal(new EmptyPacket(PacketType.Pingreq), await connection.ReceiveAsync());
        release.SetResult();
        Assert.Equal(9, await connection.ReceiveAsync(PacketType.Puback));
    }

    [Theory]
    [InlineData("F0 00")]
    [InlineData("30 FF FF FF 7F")]
    [InlineData("34 05 00 01 61 00 01")]
    [InlineData("10 00")]
    [InlineData("40 02 00 00")]
    public async Task A_broker_that_breaks_the_protocol_is_left_and_tried_again(string hex)
    {
        using var server = new RawServer();
        var changes = new Mailbox<ConnectionChange>();
        await using IMqttClient client = Implementation.Client(Implementation.OptionsFor(server.EndPoint) with { ConnectionHandler = changes.Add });
        Task connecting = client.ConnectAsync(Cancellation);
        using RawConnection connection = await server.AcceptAsync();
        await connecting;
        Assert.True((await changes.NextAsync()).IsConnected);
        await connection.SendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        await connection.ExpectClosedAsync();
        Assert.IsType<MqttProtocolException>((await changes.NextAsync()).Reason);
        using RawConnection again = await server.AcceptAsync();
        Assert.True((await changes.NextAsync()).IsConnected);
    }

    [Fact]
    public async Task Disconnecting_says_so_and_gives_up_what_is_not_acknowledged()
    {
        using var server = new RawServer();
        await using IMqttClient client = Implementation.Client(Implementation.OptionsFor(server.EndPoint));
        Task connecting = client.ConnectAsync(Cancellation);
        using RawConnection connection = await server.AcceptAsync();
        await connecting;
        Task published = client.PublishAsync(Message("a"), Cancellation);
        await connection.ReceiveAsync<OutgoingPublish>();

        Task disconnecting = client.DisconnectAsync(Cancellation);
        Assert.Equal(new EmptyPacket(PacketType.Disconnect), await connection.ReceiveAsync());
        await connection.ExpectClosedAsync();
        connection.Dispose();
        await disconnecting.WaitAsync(Patience.Limit, Cancellation);
        var exception = await Assert.ThrowsAsync<MqttException>(() => published);
        Assert.Equal(MqttErrorCodes.ConnectionLost, exception.Code);
        exception = await Assert.ThrowsAsync<MqttException>(() => client.PublishAsync(Message("a"), Cancellation));
        Assert.Equal(MqttErrorCodes.NotConnected, exception.Code);
    }

    [Fact]
    public async Task A_server_that_accepts_and_says_nothing_is_unreachable()
    {
        using var server = new RawServer();
        await using IMqttClient client = Implementation.Client(Implementation.OptionsFor(server.EndPoint) with { ConnectTimeout = TimeSpan.FromMilliseconds(200) });
        var exception = await Assert.ThrowsAsync<MqttException>(() => client.ConnectAsync(Cancellation));
        Assert.Equal(MqttErrorCodes.Unreachable, exception.Code);
        Assert.Contains("0.2 s", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task QoS_2_is_refused_before_anything_is_sent()
    {
        await using IMqttClient client = Implementation.Client(new MqttClientOptions { Host = "localhost" });
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => client.PublishAsync(new MqttMessage("a", default, QualityOfService.ExactlyOnce), Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => client.SubscribeAsync("a", QualityOfService.ExactlyOnce, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => client.SubscribeAsync("a#", QualityOfService.AtMostOnce, Cancellation));
    }

    private static MqttMessage Message(string topic) => new(topic, default, QualityOfService.AtLeastOnce);
}
