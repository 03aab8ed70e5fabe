using System.Buffers;
using EdgeMl.Mcu.Mqtt.Packets;

namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>A message on its way to one client. Holds a reference to the message.</summary>
internal readonly record struct Delivery(BrokerMessage Message, QualityOfService Quality, bool Retain);

/// <summary>The next packet for a client from its <see cref="OutboundQueue"/>: PUBLISH, or PUBREL where there is no message.</summary>
/// <remarks>Holds a reference to the message; <see cref="Write"/> releases it.</remarks>
internal readonly record struct OutboundPacket(BrokerMessage? Message, PublishHeader Header) : IOutgoingPacket
{
    /// <inheritdoc/>
    public void Write(IBufferWriter<byte> output)
    {
        if (Message is null)
        {
            new AcknowledgementPacket(PacketType.Pubrel, Header.PacketId).Write(output);
            return;
        }
        PublishPacket.Write(output, Message.Topic, Message.Payload, Header);
        Message.Release();
    }
}
