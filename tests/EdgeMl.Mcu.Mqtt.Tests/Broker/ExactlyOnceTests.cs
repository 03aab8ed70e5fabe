using EdgeMl.Mcu.Mqtt.Packets;
using EdgeMl.Mcu.Mqtt.Tests.Support;

namespace EdgeMl.Mcu.Mqtt.Tests.Broker;

/// <summary>QoS 2 through connections that are cut at every step of the exchange.</summary>
public class ExactlyOnceTests
{
    /// <summary>Steps of an exchange: two packets each way.</summary>
    private const int Steps = 4;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<int, int> Cuts => new(from first in Enumerable.Range(0, Steps + 1) from second in Enumerable.Range(0, Steps + 1) select (first, second));

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task A_message_from_a_client_that_is_cut_off_twice_goes_out_once(int first, int second)
    {
        var received = new Mailbox<MqttMessage>();
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        await using IMqttClient subscriber = await Implementation.ConnectAsync(broker, received);
        await subscriber.SubscribeAsync("#", QualityOfService.AtLeastOnce, Cancellation);
        var sender = new Sender(broker);

        await sender.RunAsync(cutAfter: first);
        await sender.RunAsync(cutAfter: second);
        await sender.RunAsync(cutAfter: int.MaxValue);
        Assert.True(sender.IsDone);
        await subscriber.PublishAsync(new MqttMessage("end", default, QualityOfService.AtLeastOnce), Cancellation);

        Assert.Equal("once", (await received.NextAsync()).Topic);
        Assert.Equal("end", (await received.NextAsync()).Topic);
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task Messages_to_a_client_that_is_cut_off_twice_arrive_once_and_in_order(int first, int second)
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        var receiver = new Receiver(broker);
        await receiver.SubscribeAsync();
        using RawConnection publisher = await RawConnection.ConnectAsync(broker, "publisher");
        for (int i = 0; i < 4; i++)
        {
            await publisher.PublishAsync($"m/{i}", [], QualityOfService.ExactlyOnce, id: (ushort)(i + 1));
            await publisher.ReceiveAsync(PacketType.Pubrec);
        }

        await receiver.RunAsync(cutAfter: first, until: 4);
        await receiver.RunAsync(cutAfter: second, until: 4);
        await receiver.RunAsync(cutAfter: int.MaxValue, until: 4);

        Assert.Equal(["m/0", "m/1", "m/2", "m/3"], receiver.Delivered);
    }

    [Fact]
    public async Task An_identifier_may_be_used_again_after_PUBREL()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        using RawConnection client = await RawConnection.ConnectAsync(broker, "c");
        await client.SubscribeAsync("a", QualityOfService.AtMostOnce);
        for (int i = 0; i < 3; i++)
        {
            await client.PublishAsync("a", [(byte)i], QualityOfService.ExactlyOnce, id: 5);
            IOutgoingPacket?[] both = [await client.ReceiveAsync(), await client.ReceiveAsync()];
            Assert.Contains(both, packet => packet is OutgoingPublish { Message.Payload.Span: var payload } && payload[0] == i);
            Assert.Contains(both, packet => packet is AcknowledgementPacket { Type: PacketType.Pubrec, PacketId: 5 });
            await client.SendAsync(new AcknowledgementPacket(PacketType.Pubrel, 5));
            Assert.Equal(5, await client.ReceiveAsync(PacketType.Pubcomp));
        }
    }

    /// <summary>A client that publishes one QoS 2 message and keeps its session.</summary>
    private sealed class Sender(IMqttBroker broker)
    {
        private bool _wasSent, _isReceived;

        public bool IsDone { get; private set; }

        /// <summary>Goes on with the exchange on a new connection, for a number of packets.</summary>
        public async Task RunAsync(int cutAfter)
        {
            using RawConnection connection = await RawConnection.ConnectAsync(broker, "sender", clean: false);
            int left = cutAfter;
            if (!_isReceived && !IsDone && left-- > 0)
            {
                await connection.PublishAsync("once", [], QualityOfService.ExactlyOnce, id: 1, duplicate: _wasSent);
                _wasSent = true;
                if (left-- <= 0)
                    return;
                Assert.Equal(1, await connection.ReceiveAsync(PacketType.Pubrec));
                _isReceived = true;
            }
            if (_isReceived && !IsDone && left-- > 0)
            {
                await connection.SendAsync(new AcknowledgementPacket(PacketType.Pubrel, 1));
                if (left-- <= 0)
                    return;
                Assert.Equal(1, await connection.ReceiveAsync(PacketType.Pubcomp));
                IsDone = true;
            }
        }
    }

    /// <summary>A client that receives QoS 2 messages and keeps its session.</summary>
    private sealed class Receiver(IMqttBroker broker)
    {
        private readonly HashSet<ushort> _received = [];
        private int _completed;

        /// <summary>Topics in the order of delivery to the application.</summary>
        public List<string> Delivered { get; } = [];

        public async Task SubscribeAsync()
        {
            using RawConnection connection = await RawConnection.ConnectAsync(broker, "receiver", clean: false);
            await connection.SubscribeAsync("m/#", QualityOfService.ExactlyOnce);
        }

        /// <summary>Takes and answers a number of packets on a new connection, or until so many messages are complete.</summary>
        public async Task RunAsync(int cutAfter, int until)
        {
            using RawConnection connection = await RawConnection.ConnectAsync(broker, "receiver", clean: false);
            Assert.True(connection.SessionPresent);
            for (int left = cutAfter; left > 0 && _completed < until; left -= 2)
            {
                IOutgoingPacket? packet = await connection.ReceiveAsync();
                if (packet is OutgoingPublish message)
                {
                    if (_received.Add(message.PacketId))
                        Delivered.Add(message.Message.Topic);
                    if (left > 1)
                        await connection.SendAsync(new AcknowledgementPacket(PacketType.Pubrec, message.PacketId));
                    continue;
                }
                var release = Assert.IsType<AcknowledgementPacket>(packet);
                Assert.Equal(PacketType.Pubrel, release.Type);
                _completed += _received.Remove(release.PacketId) ? 1 : 0;
                if (left > 1)
                    await connection.SendAsync(new AcknowledgementPacket(PacketType.Pubcomp, release.PacketId));
            }
        }
    }
}
