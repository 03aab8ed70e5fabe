using System.Buffers;
using EdgeMl.Mcu.Mqtt.Packets;
using EdgeMl.Mcu.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Mqtt.Tests.Packets;

public class CodecTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(500);

    [Fact]
    public void A_packet_that_was_written_is_read_back_byte_for_byte() => Check.One(Thorough, Prop.ForAll(
        AnyPacket.Packet.ToArbitrary(), packet =>
        {
            byte[] bytes = Codec.Bytes(packet);
            IOutgoingPacket read = Assert.Single(Codec.ReadAll(bytes));
            Assert.IsType(packet.GetType(), read);
            Assert.Equal(bytes, Codec.Bytes(read));
        }));

    [Fact]
    public void Packets_are_the_same_however_their_bytes_are_cut_into_pieces() => Check.One(Thorough, Prop.ForAll(
        AnyPacket.Packet.NonEmptyListOf().ToArbitrary(), Gen.Choose(1, 50).NonEmptyListOf().ToArbitrary(), (packets, lengths) =>
        {
            byte[] bytes = [.. packets.SelectMany(Codec.Bytes)];
            List<IOutgoingPacket> read = Codec.ReadAll(Segments.Split(bytes, [.. lengths]));
            Assert.Equal(bytes, read.SelectMany(Codec.Bytes));
            Assert.Equal(packets.Count, read.Count);
        }));

    [Fact]
    public void An_incomplete_packet_is_waited_for_and_not_consumed() => Check.One(Thorough, Prop.ForAll(
        AnyPacket.Packet.ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (packet, cut) =>
        {
            byte[] bytes = Codec.Bytes(packet);
            var buffer = new ReadOnlySequence<byte>(bytes, 0, cut % bytes.Length);
            long before = buffer.Length;
            Assert.False(MqttFrame.TryRead(ref buffer, Codec.PacketBytesMax, out _));
            Assert.Equal(before, buffer.Length);
        }));

    [Fact]
    public void Damaged_packets_are_read_or_refused_as_protocol_errors_and_cost_little_memory()
    {
        IOutgoingPacket[] intact = [.. AnyPacket.Packet.Sample(size: 20, numberOfSamples: 200)];
        int refused = 0, read = 0;
        for (int i = 0; i < intact.Length; i++)
        {
            foreach (byte[] damaged in Mutations.Of(Codec.Bytes(intact[i]), count: 100, seed: i))
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    read += Codec.ReadAll(damaged).Count;
                }
                catch (MqttProtocolException exception)
                {
                    Assert.NotEmpty(exception.Message);
                    refused++;
                }
                long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                Assert.True(allocated < 20_000 + (40L * damaged.Length), $"{allocated} bytes for a packet of {damaged.Length}");
            }
        }
        Assert.True(refused > 1_000 && read > 1_000, $"{refused} refused, {read} read");
    }

    [Fact]
    public void Random_bytes_are_read_or_refused_as_protocol_errors() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(5_000), Prop.ForAll(
        Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf().ToArbitrary(), bytes =>
        {
            try
            {
                Codec.ReadAll(bytes);
            }
            catch (MqttProtocolException)
            {
            }
        }));

    [Fact]
    public void Writing_and_reading_a_message_allocates_nothing()
    {
        byte[] topic = "devices/7/telemetry"u8.ToArray(), payload = new byte[100];
        var output = new ArrayBufferWriter<byte>(1024);
        long Cost(int count)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < count; i++)
            {
                output.ResetWrittenCount();
                PublishPacket.Write(output, topic, payload, new PublishHeader(QualityOfService.AtLeastOnce, Retain: false, Duplicate: false, PacketId: 7));
                var buffer = new ReadOnlySequence<byte>(output.WrittenMemory);
                Assert.True(MqttFrame.TryRead(ref buffer, Codec.PacketBytesMax, out MqttFrame frame));
                PublishPacket packet = PublishPacket.Read(frame);
                if (packet.PacketId != 7 || packet.Payload.Length != payload.Length)
                    throw new InvalidOperationException("The message was read wrongly.");
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Cost(10);
        Assert.Equal(0, Cost(1_000));
    }
}
