using System.Buffers;
using EdgeMl.Mcu.Mqtt.Broker;
using EdgeMl.Mcu.Mqtt.Client;
using EdgeMl.Mcu.Mqtt.Packets;
using EdgeMl.Mcu.Mqtt.Tests.Packets;
using EdgeMl.Mcu.Mqtt.Tests.Support;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Mqtt.Tests.Broker;

/// <summary>Messages exist once for all subscribers, in memory that is used again.</summary>
public class SharedMemoryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(QualityOfService.AtMostOnce)]
    [InlineData(QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.ExactlyOnce)]
    public void Forwarding_a_message_to_subscribers_allocates_nothing(QualityOfService quality)
    {
        var core = new BrokerCore(new BrokerOptions { Access = new TestAccess() });
        var answers = new ControlQueue(new AsyncSignal());
        var publisher = new PacketHandler(core, new BrokerClient("p", null, null), Session("p"), answers);
        (Session Session, AsyncSignal Signal)[] subscribers = [.. Enumerable.Range(0, 3).Select(i => (Session($"s{i}"), new AsyncSignal()))];
        foreach ((Session session, AsyncSignal signal) in subscribers)
        {
            core.Router.Subscribe(session, "devices/+/telemetry", quality);
            session.Outbound.Attach(signal);
        }
        ushort id = quality == QualityOfService.AtMostOnce ? (ushort)0 : (ushort)1;
        byte[] publish = Codec.Bytes(new OutgoingPublish(new MqttMessage("devices/7/telemetry", new byte[200], quality), id, Duplicate: false));
        byte[] release = Codec.Bytes(new AcknowledgementPacket(PacketType.Pubrel, 1));
        var output = new ArrayBufferWriter<byte>(4_096);

        long Cost(int count)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < count; i++)
            {
                Handle(publisher, publish);
                Handle(publisher, release);
                while (answers.TryTake(out ControlPacket answer))
                    Write(answer, output);
                foreach ((Session session, AsyncSignal signal) in subscribers)
                    Deliver(session.Outbound, signal, output);
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Cost(200);
        Assert.Equal(0, Cost(1_000));
        Assert.Equal(1_200, core.Counters.MessagesReceived);
        Assert.Equal(0, core.Counters.MessagesDropped);

        Session Session(string clientId) => new(clientId, userName: null, isClean: true, core.Limits, core.Counters);
    }

    [Fact]
    public async Task Under_load_with_drops_and_clients_that_come_and_go_every_message_has_its_own_content()
    {
        const int publishers = 4, each = 800;
        int wrong = 0, received = 0;
        ValueTask Check(MqttMessage message, CancellationToken cancellation)
        {
            Interlocked.Increment(ref received);
            if (!message.Payload.Span.SequenceEqual(ContentOf(message.Topic)))
                Interlocked.Increment(ref wrong);
            return ValueTask.CompletedTask;
        }
        await using IMqttBroker broker = await Implementation.StartBrokerAsync(limits: new BrokerLimits { QueueLengthMax = 20, InflightMax = 4 });
        MqttClientOptions options = Implementation.OptionsFor(broker.EndPoints[0]) with { MessageHandler = Check };
        await using IMqttClient steady = await Implementation.ConnectAsync(options);
        await steady.SubscribeAsync("t/#", QualityOfService.AtLeastOnce, Cancellation);

        using var done = new CancellationTokenSource();
        Task churning = Task.Run(async () =>
        {
            for (int i = 0; !done.IsCancellationRequested; i++)
            {
                await using IMqttClient visitor = await Implementation.ConnectAsync(options with { ClientId = $"visitor{i % 3}", CleanSession = i % 2 == 0 });
                await visitor.SubscribeAsync("t/+/#", QualityOfService.AtLeastOnce, Cancellation);
            }
        }, Cancellation);
        await Task.WhenAll(Enumerable.Range(0, publishers).Select(p => Task.Run(async () =>
        {
            await using IMqttClient publisher = await Implementation.ConnectAsync(broker);
            for (int i = 0; i < each; i++)
            {
                string topic = i % 3 == 0 ? $"t/{p}" : $"t/{p}/{i % 7}/{i}";
                var quality = (QualityOfService)((i + p) % 2);
                await publisher.PublishAsync(new MqttMessage(topic, ContentOf(topic), quality, retain: i % 5 == 0), Cancellation);
            }
            await publisher.PublishAsync(new MqttMessage("end", default, QualityOfService.AtLeastOnce), Cancellation);
        }, Cancellation)));
        await done.CancelAsync();
        await churning;

        Assert.Equal(publishers * (each + 1), broker.Statistics.MessagesReceived);
        Assert.True(broker.Statistics.MessagesDropped > 0);
        await Patience.UntilAsync(() => received > each, "messages arrive");
        Assert.Equal(0, wrong);
    }

    private static byte[] ContentOf(string topic)
    {
        int hash = topic.Aggregate(17, (sum, character) => unchecked((sum * 31) + character));
        return [.. Enumerable.Range(0, 50 + (hash & 0xFF)).Select(i => (byte)((hash >> (i % 24)) + i))];
    }

    private static void Handle(PacketHandler handler, byte[] bytes)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        MqttFrame.TryRead(ref buffer, Codec.PacketBytesMax, out MqttFrame frame);
        handler.Handle(frame);
    }

    private static void Deliver(OutboundQueue queue, AsyncSignal signal, ArrayBufferWriter<byte> output)
    {
        while (queue.TryTake(signal, out OutboundPacket packet))
        {
            Write(packet, output);
            queue.Acknowledge(packet.Header.PacketId);
            queue.Receive(packet.Header.PacketId);
            queue.Complete(packet.Header.PacketId);
        }
    }

    private static void Write<TPacket>(TPacket packet, ArrayBufferWriter<byte> output)
        where TPacket : IOutgoingPacket
    {
        output.ResetWrittenCount();
        packet.Write(output);
    }
}
