using System.Buffers;
using EdgeMl.Mcu.Mqtt.Broker;
using EdgeMl.Mcu.Mqtt.Packets;
using EdgeMl.Mcu.Mqtt.Tests.Packets;
using EdgeMl.Mcu.Mqtt.Tests.Support;
using EdgeMl.Mcu.Testing;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Mqtt.Tests.Broker;

public class HostilePacketTests
{
    private const int Packets = 100_000;
    private const int PacketsPerConnection = 50;
    private const long GrowthBytesMax = 32L << 20;

    public static TheoryData<byte[], string> OutOfPlace => new()
    {
        { Codec.Bytes(new ConnectPacket { ClientId = "c", CleanSession = true, KeepAlive = 0 }), "a second CONNECT" },
        { Codec.Bytes(new ConnackPacket(ConnectReturnCode.Accepted, false)), "CONNACK" },
        { Codec.Bytes(new SubackPacket(1, [0])), "SUBACK" },
        { Codec.Bytes(new AcknowledgementPacket(PacketType.Unsuback, 1)), "UNSUBACK" },
        { Codec.Bytes(new EmptyPacket(PacketType.Pingresp)), "PINGRESP" },
        { [0xF0, 0x00], "a reserved type" },
    };

    [Theory]
    [MemberData(nameof(OutOfPlace))]
    public async Task A_packet_that_clients_do_not_send_closes_the_connection(byte[] packet, string what)
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        using RawConnection client = await RawConnection.ConnectAsync(broker, "c");
        await client.SendAsync(packet);
        Assert.True(await client.ReceiveAsync() is null, what);
        Assert.Equal(1, broker.Statistics.ProtocolErrors);
    }

    [Fact]
    public async Task The_first_packet_must_be_CONNECT()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        using RawConnection client = await RawConnection.OpenAsync(broker.EndPoints[0]);
        await client.PublishAsync("a", []);
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Another_version_is_told_so()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        using RawConnection client = await RawConnection.OpenAsync(broker.EndPoints[0]);
        byte[] connect = Codec.Bytes(new ConnectPacket { ClientId = "c", CleanSession = true, KeepAlive = 0 });
        connect[8] = 5;
        await client.SendAsync(connect);
        Assert.Equal(ConnectReturnCode.UnacceptableProtocolVersion, (await client.ReceiveAsync<ConnackPacket>()).ReturnCode);
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Acknowledgements_of_nothing_are_answered_or_passed_over()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        using RawConnection client = await RawConnection.ConnectAsync(broker, "c");
        await client.SendAsync(new AcknowledgementPacket(PacketType.Puback, 9), new AcknowledgementPacket(PacketType.Pubcomp, 9));
        await client.SendAsync(new AcknowledgementPacket(PacketType.Pubrec, 9), new AcknowledgementPacket(PacketType.Pubrel, 9));
        Assert.Equal(9, await client.ReceiveAsync(PacketType.Pubrel));
        Assert.Equal(9, await client.ReceiveAsync(PacketType.Pubcomp));
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_hundred_thousand_damaged_packets_neither_crash_the_broker_nor_make_it_grow()
    {
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        using RawConnection witness = await RawConnection.ConnectAsync(broker, "witness");
        byte[][] damaged = DamagedPackets();
        await FloodAsync(broker, damaged.AsMemory(0, damaged.Length / 10));
        long before = GC.GetTotalMemory(forceFullCollection: true);

        await FloodAsync(broker, damaged);

        await witness.ExpectNothingAsync();
        await Patience.UntilAsync(() => broker.Statistics.Connections == 1, "all are closed");
        long growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(growth < GrowthBytesMax, $"{growth:N0} bytes more");
        Assert.True(broker.Statistics.ProtocolErrors > Packets / PacketsPerConnection / 2, $"{broker.Statistics.ProtocolErrors} protocol errors");
        TestContext.Current.TestOutputHelper?.WriteLine($"{damaged.Length} packets, {broker.Statistics.ProtocolErrors} protocol errors, {growth:N0} bytes more");
    }

    [Fact]
    public void Each_of_a_hundred_thousand_damaged_packets_of_an_accepted_client_is_acted_on_or_refused()
    {
        var core = new BrokerCore(new BrokerOptions { Access = new TestAccess() });
        var session = new Session("c", userName: null, isClean: true, core.Limits, core.Counters);
        var signal = new AsyncSignal();
        var answers = new ControlQueue(signal);
        var handler = new PacketHandler(core, new BrokerClient("c", null, null), session, answers);
        session.Outbound.Attach(signal);
        int refused = 0, acted = 0;
        foreach (byte[] damaged in DamagedPackets())
        {
            var buffer = new ReadOnlySequence<byte>(damaged);
            try
            {
                while (MqttFrame.TryRead(ref buffer, core.Limits.PacketBytesMax, out MqttFrame frame))
                {
                    handler.Handle(frame);
                    acted++;
                }
            }
            catch (MqttProtocolException)
            {
                refused++;
            }
            while (answers.TryTake(out _))
            {
            }
            Assert.InRange(session.Filters.Count, 0, core.Limits.SubscriptionsMax);
        }
        Assert.True(refused > 10_000 && acted > 10_000, $"{refused} refused, {acted} acted on");
        Assert.InRange(core.Router.RetainedCount, 1, core.Limits.RetainedMax);
    }

    private static byte[][] DamagedPackets()
    {
        byte[][] intact = [.. AnyPacket.Packet.Sample(size: 5, numberOfSamples: 500).Select(Codec.Bytes).Where(bytes => bytes.Length < 2_000)];
        int each = (Packets / intact.Length) + 1;
        return [.. intact.SelectMany((bytes, i) => Mutations.Of(bytes, each, seed: i)).Take(Packets)];
    }

    // A connection ends with its first protocol error as a rule, so what follows in the same piece is thrown away unread; each piece
    // therefore starts a connection of its own, half of them with a valid CONNECT.
    private static async Task FloodAsync(IMqttBroker broker, ReadOnlyMemory<byte[]> packets)
    {
        byte[] connect = Codec.Bytes(new ConnectPacket { ClientId = "", CleanSession = true, KeepAlive = 0 });
        for (int start = 0; start < packets.Length; start += PacketsPerConnection)
        {
            byte[][] piece = packets.Slice(start, Math.Min(PacketsPerConnection, packets.Length - start)).ToArray();
            using RawConnection client = await RawConnection.OpenAsync(broker.EndPoints[0]);
            try
            {
                await client.SendAsync([.. start / PacketsPerConnection % 2 == 0 ? connect : [], .. piece.SelectMany(bytes => bytes)]);
            }
            catch (IOException)
            {
                // The broker has closed the connection already.
            }
        }
    }
}
