using System.Buffers;

namespace EdgeMl.Mcu.Mqtt.Packets;

/// <summary>A packet that has only a packet identifier: PUBACK, PUBREC, PUBREL, PUBCOMP, UNSUBACK (MQTT 3.1.1, 3.4-3.7, 3.11).</summary>
internal readonly record struct AcknowledgementPacket(PacketType Type, ushort PacketId) : IOutgoingPacket
{
    public static AcknowledgementPacket Read(in MqttFrame frame)
    {
        var body = new BodyReader(frame);
        var packet = new AcknowledgementPacket(frame.Type, body.ReadPacketId());
        body.ExpectEnd();
        return packet;
    }

    /// <inheritdoc/>
    public void Write(IBufferWriter<byte> output)
    {
        var body = new BodyWriter(output, Type, Type == PacketType.Pubrel ? 0x02 : 0, bodyBytes: 2);
        body.WriteUInt16(PacketId);
        body.Complete();
    }
}
