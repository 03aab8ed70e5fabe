using System.Buffers;
using EdgeMl.Mcu.Mqtt.Topics;

namespace EdgeMl.Mcu.Mqtt.Packets;

/// <summary>UNSUBSCRIBE (MQTT 3.1.1, 3.10): at least one filter.</summary>
internal readonly record struct UnsubscribePacket(ushort PacketId, IReadOnlyList<string> Filters) : IOutgoingPacket
{
    public static UnsubscribePacket Read(in MqttFrame frame)
    {
        var body = new BodyReader(frame);
        ushort id = body.ReadPacketId();
        var filters = new List<string>(1);
        do
        {
            string filter = body.ReadString();
            filters.Add(TopicFilter.IsValid(filter) ? filter : throw MqttProtocolException.Malformed("A filter of UNSUBSCRIBE is no topic filter."));
        }
        while (!body.IsAtEnd);
        return new UnsubscribePacket(id, filters);
    }

    /// <inheritdoc/>
    public void Write(IBufferWriter<byte> output)
    {
        var body = new BodyWriter(output, PacketType.Unsubscribe, flags: 0x02, 2 + Filters.Sum(MqttText.SizeOf));
        body.WriteUInt16(PacketId);
        foreach (string filter in Filters)
            body.WriteString(filter);
        body.Complete();
    }
}
