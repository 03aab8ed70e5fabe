using System.Buffers;
using System.Text;
using EdgeMl.Mcu.Mqtt.Packets;

namespace EdgeMl.Mcu.Mqtt.Tests.Packets;

/// <summary>Reads and writes whole packets of any type.</summary>
internal static class Codec
{
    public const int PacketBytesMax = 300_000;

    public static byte[] Bytes(IOutgoingPacket packet)
    {
        var output = new ArrayBufferWriter<byte>();
        packet.Write(output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The packets that bytes hold; a rest that is no whole packet is left out.</summary>
    public static List<IOutgoingPacket> ReadAll(ReadOnlySequence<byte> buffer)
    {
        var packets = new List<IOutgoingPacket>();
        while (MqttFrame.TryRead(ref buffer, PacketBytesMax, out MqttFrame frame))
            packets.Add(Read(frame));
        return packets;
    }

    public static List<IOutgoingPacket> ReadAll(byte[] bytes) => ReadAll(new ReadOnlySequence<byte>(bytes));

    public static IOutgoingPacket Read(in MqttFrame frame) => frame.Type switch
    {
        PacketType.Connect => ConnectPacket.Read(frame),
        PacketType.Connack => ConnackPacket.Read(frame),
        PacketType.Publish => ReadPublish(frame),
        PacketType.Subscribe => SubscribePacket.Read(frame),
        PacketType.Suback => SubackPacket.Read(frame),
        PacketType.Unsubscribe => UnsubscribePacket.Read(frame),
        PacketType.Pingreq or PacketType.Pingresp or PacketType.Disconnect => new EmptyPacket(frame.Type),
        _ => AcknowledgementPacket.Read(frame),
    };

    private static OutgoingPublish ReadPublish(in MqttFrame frame)
    {
        PublishPacket packet = PublishPacket.Read(frame);
        var message = new MqttMessage(Encoding.UTF8.GetString(packet.Topic), packet.Payload.ToArray(), packet.Quality, packet.Retain);
        return new OutgoingPublish(message, packet.PacketId, packet.Duplicate);
    }
}
