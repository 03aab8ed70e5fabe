using System.Buffers;
using EdgeMl.Mcu.Mqtt.Topics;

namespace EdgeMl.Mcu.Mqtt.Packets;

/// <summary>A topic filter and the highest quality of service in which its messages are wanted.</summary>
internal readonly record struct SubscribeRequest(string Filter, QualityOfService Quality);

/// <summary>SUBSCRIBE (MQTT 3.1.1, 3.8): at least one request.</summary>
internal readonly record struct SubscribePacket(ushort PacketId, IReadOnlyList<SubscribeRequest> Requests) : IOutgoingPacket
{
    public static SubscribePacket Read(in MqttFrame frame)
    {
        var body = new BodyReader(frame);
        ushort id = body.ReadPacketId();
        var requests = new List<SubscribeRequest>(1);
        do
        {
            string filter = body.ReadString();
            byte quality = body.ReadByte();
            if (!TopicFilter.IsValid(filter))
                throw MqttProtocolException.Malformed("A filter of SUBSCRIBE is no topic filter.");
            if (quality > (byte)QualityOfService.ExactlyOnce)
                throw MqttProtocolException.Malformed($"SUBSCRIBE asks for quality of service 0x{quality:X2}.");
            requests.Add(new SubscribeRequest(filter, (QualityOfService)quality));
        }
        while (!body.IsAtEnd);
        return new SubscribePacket(id, requests);
    }

    /// <inheritdoc/>
    public void Write(IBufferWriter<byte> output)
    {
        var body = new BodyWriter(output, PacketType.Subscribe, flags: 0x02, 2 + Requests.Sum(request => MqttText.SizeOf(request.Filter) + 1));
        body.WriteUInt16(PacketId);
        foreach (SubscribeRequest request in Requests)
        {
            body.WriteString(request.Filter);
            body.WriteByte((byte)request.Quality);
        }
        body.Complete();
    }
}
