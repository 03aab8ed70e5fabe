using System.Buffers;
using EdgeMl.Mcu.Mqtt.Topics;

namespace EdgeMl.Mcu.Mqtt.Packets;

/// <summary>PUBLISH (MQTT 3.1.1, 3.3). Topic and payload are slices of the receive buffer.</summary>
internal readonly struct PublishPacket
{
    private const int DuplicateFlag = 0x08, RetainFlag = 0x01, QualityShift = 1, QualityMask = 0x03;

    /// <summary>A topic name in UTF-8, checked.</summary>
    public ReadOnlySequence<byte> Topic { get; private init; }

    public ReadOnlySequence<byte> Payload { get; private init; }

    public QualityOfService Quality { get; private init; }

    public bool Duplicate { get; private init; }

    public bool Retain { get; private init; }

    /// <summary>0 with QoS 0.</summary>
    public ushort PacketId { get; private init; }

    public static PublishPacket Read(in MqttFrame frame)
    {
        var body = new BodyReader(frame);
        ReadOnlySequence<byte> topic = body.ReadUtf8();
        if (!TopicName.HasNameCharacters(topic))
            throw MqttProtocolException.Malformed("The topic of PUBLISH is empty or has wildcards.");
        var quality = (QualityOfService)((frame.Flags >> QualityShift) & QualityMask);
        return new PublishPacket
        {
            Topic = topic,
            Quality = quality,
            Duplicate = (frame.Flags & DuplicateFlag) != 0,
            Retain = (frame.Flags & RetainFlag) != 0,
            PacketId = quality == QualityOfService.AtMostOnce ? (ushort)0 : body.ReadPacketId(),
            Payload = body.ReadRest(),
        };
    }

    /// <summary>Writes a packet.</summary>
    /// <param name="output">Where the packet goes.</param>
    /// <param name="topic">A topic name in UTF-8.</param>
    /// <param name="payload">The content.</param>
    /// <param name="header">The other fields.</param>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, PublishHeader header)
    {
        BodyWriter body = Begin(output, 2 + topic.Length, payload.Length, header);
        body.WriteBinary(topic);
        End(ref body, output, payload, header);
    }

    /// <inheritdoc cref="Write(IBufferWriter{byte}, ReadOnlySpan{byte}, ReadOnlySpan{byte}, PublishHeader)"/>
    public static void Write(IBufferWriter<byte> output, string topic, ReadOnlySpan<byte> payload, PublishHeader header)
    {
        BodyWriter body = Begin(output, MqttText.SizeOf(topic), payload.Length, header);
        body.WriteString(topic);
        End(ref body, output, payload, header);
    }

    /// <summary>Bytes of the packet with its fixed header.</summary>
    public static long SizeOf(string topic, int payloadBytes, QualityOfService quality)
    {
        long body = (long)MqttText.SizeOf(topic) + (quality == QualityOfService.AtMostOnce ? 0 : 2) + payloadBytes;
        return 1 + RemainingLength.SizeOf((int)Math.Min(body, RemainingLength.Max)) + body;
    }

    private static BodyWriter Begin(IBufferWriter<byte> output, int topicBytes, int payloadBytes, PublishHeader header)
    {
        int flags = (header.Duplicate ? DuplicateFlag : 0) | ((int)header.Quality << QualityShift) | (header.Retain ? RetainFlag : 0);
        int idBytes = header.Quality == QualityOfService.AtMostOnce ? 0 : 2;
        return new BodyWriter(output, PacketType.Publish, flags, topicBytes + idBytes + payloadBytes, trailingBytes: payloadBytes);
    }

    private static void End(ref BodyWriter body, IBufferWriter<byte> output, ReadOnlySpan<byte> payload, PublishHeader header)
    {
        if (header.Quality != QualityOfService.AtMostOnce)
            body.WriteUInt16(header.PacketId);
        body.Complete();
        output.Write(payload);
    }
}
