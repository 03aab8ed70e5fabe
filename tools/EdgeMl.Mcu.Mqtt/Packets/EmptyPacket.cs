using System.Buffers;

namespace EdgeMl.Mcu.Mqtt.Packets;

/// <summary>A packet without a body: PINGREQ, PINGRESP, DISCONNECT (MQTT 3.1.1, 3.12-3.14).</summary>
internal readonly record struct EmptyPacket(PacketType Type) : IOutgoingPacket
{
    /// <inheritdoc/>
    public void Write(IBufferWriter<byte> output) => new BodyWriter(output, Type, flags: 0, bodyBytes: 0).Complete();
}
