using System.Buffers;

namespace EdgeMl.Mcu.Mqtt.Packets;

/// <summary>A message on its way to the broker.</summary>
internal readonly record struct OutgoingPublish(MqttMessage Message, ushort PacketId, bool Duplicate) : IOutgoingPacket
{
    /// <inheritdoc/>
    public void Write(IBufferWriter<byte> output) =>
        PublishPacket.Write(output, Message.Topic, Message.Payload.Span, new PublishHeader(Message.Quality, Message.Retain, Duplicate, PacketId));
}
