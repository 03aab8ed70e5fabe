using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using EdgeMl.Mcu.Mqtt.Packets;
using EdgeMl.Mcu.Mqtt.Tests.Packets;
using EdgeMl.Mcu.Mqtt.Tests.Support;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Mqtt.Tests.Broker;

/// <summary>What a message costs from socket to socket. Runs alone: it measures the allocations of the whole process.</summary>
[Collection(nameof(AllocationTests))]
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public class AllocationTests
{
    private const int WarmUp = 10_000, Messages = 100_000, Batch = 100, AcknowledgementBytes = 4, PayloadBytes = 200;

    // Pools grow, and sockets allocate now and then; one object for each message would be at least 24 bytes.
    private const double BytesPerMessageMax = 12;

    [Theory]
    [InlineData(QualityOfService.AtMostOnce)]
    [InlineData(QualityOfService.AtLeastOnce)]
    public async Task From_socket_to_socket_a_message_allocates_nothing(QualityOfService quality)
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        double perMessage = await Task.Factory.StartNew(() => Measure(broker.EndPoints[0], quality), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.InRange(perMessage, 0, BytesPerMessageMax);
        Assert.Equal((WarmUp + Messages, 0), (broker.Statistics.MessagesSent, broker.Statistics.MessagesDropped));
    }

    private static double Measure(IPEndPoint broker, QualityOfService quality)
    {
        using Socket publisher = Connect(broker, "p"), subscriber = Connect(broker, "s");
        subscriber.Send(Codec.Bytes(new SubscribePacket(1, [new SubscribeRequest("devices/+/telemetry", quality)])));
        Receive(subscriber, new byte[5]);
        var load = new Load(publisher, subscriber, quality);
        for (int i = 0; i < WarmUp; i += Batch)
            load.Exchange();
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < Messages; i += Batch)
            load.Exchange();
        return (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / Messages;
    }

    private static Socket Connect(IPEndPoint broker, string clientId)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = (int)Patience.Limit.TotalMilliseconds };
        socket.Connect(broker);
        socket.Send(Codec.Bytes(new ConnectPacket { ClientId = clientId, CleanSession = true, KeepAlive = 0 }));
        Receive(socket, new byte[4]);
        return socket;
    }

    private static void Receive(Socket socket, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int read = socket.Receive(buffer);
            buffer = read > 0 ? buffer[read..] : throw new IOException("The broker closed the connection.");
        }
    }

    /// <summary>Batches of messages through two sockets, by memory that is used again.</summary>
    private sealed class Load
    {
        private readonly Socket _publisher, _subscriber;
        private readonly byte[] _batch, _packet, _acknowledgements = new byte[Batch * AcknowledgementBytes];
        private readonly byte[] _acknowledgement = [(byte)PacketType.Puback << 4, sizeof(ushort), 0, 0];
        private readonly bool _isAcknowledged;

        public Load(Socket publisher, Socket subscriber, QualityOfService quality)
        {
            (_publisher, _subscriber) = (publisher, subscriber);
            _isAcknowledged = quality == QualityOfService.AtLeastOnce;
            var message = new MqttMessage("devices/7/telemetry", new byte[PayloadBytes], quality);
            _batch = [.. Enumerable.Range(1, Batch).SelectMany(id => Codec.Bytes(new OutgoingPublish(message, _isAcknowledged ? (ushort)id : (ushort)0, Duplicate: false)))];
            _packet = new byte[_batch.Length / Batch];
        }

        public void Exchange()
        {
            _publisher.Send(_batch);
            for (int i = 0; i < Batch; i++)
            {
                Receive(_subscriber, _packet);
                if (_isAcknowledged)
                    Acknowledge();
            }
            if (_isAcknowledged)
                Receive(_publisher, _acknowledgements);
        }

        private void Acknowledge()
        {
            ushort id = BinaryPrimitives.ReadUInt16BigEndian(_packet.AsSpan(_packet.Length - PayloadBytes - sizeof(ushort)));
            BinaryPrimitives.WriteUInt16BigEndian(_acknowledgement.AsSpan(2), id);
            _subscriber.Send(_acknowledgement);
        }
    }
}
