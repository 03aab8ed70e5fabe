using System.Buffers;

namespace EdgeMl.Mcu.Mqtt.Packets;

/// <summary>SUBACK (MQTT 3.1.1, 3.9): for each request the granted quality of service, or <see cref="Failure"/>.</summary>
internal readonly record struct SubackPacket(ushort PacketId, byte[] ReturnCodes) : IOutgoingPacket
{
    /// <summary>The subscription is refused.</summary>
    public const byte Failure = 0x80;

    public static SubackPacket Read(in MqttFrame frame)
    {
        var body = new BodyReader(frame);
        var packet = new SubackPacket(body.ReadPacketId(), body.ReadRest().ToArray());
        if (packet.ReturnCodes.Length == 0 || packet.ReturnCodes.Any(code => code is > (byte)QualityOfService.ExactlyOnce and not Failure))
            throw MqttProtocolException.Malformed("SUBACK has no return codes, or reserved ones.");
        return packet;
    }

    /// <inheritdoc/>
    public void Write(IBufferWriter<byte> output)
    {
        var body = new BodyWriter(output, PacketType.Suback, flags: 0, 2 + ReturnCodes.Length);
        body.WriteUInt16(PacketId);
        body.WriteBytes(ReturnCodes);
        body.Complete();
    }
}
