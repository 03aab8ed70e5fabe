using System.Buffers;

namespace EdgeMl.Mcu.Mqtt.Packets;

/// <summary>CONNACK (MQTT 3.1.1, 3.2).</summary>
internal readonly record struct ConnackPacket(ConnectReturnCode ReturnCode, bool SessionPresent) : IOutgoingPacket
{
    public static ConnackPacket Read(in MqttFrame frame)
    {
        var body = new BodyReader(frame);
        byte flags = body.ReadByte();
        byte code = body.ReadByte();
        body.ExpectEnd();
        if (flags > 1 || code > (byte)ConnectReturnCode.NotAuthorized || (flags == 1 && code != 0))
            throw MqttProtocolException.Malformed($"CONNACK has flags 0x{flags:X2} and return code {code}.");
        return new ConnackPacket((ConnectReturnCode)code, flags == 1);
    }

    /// <inheritdoc/>
    public void Write(IBufferWriter<byte> output)
    {
        var body = new BodyWriter(output, PacketType.Connack, flags: 0, bodyBytes: 2);
        body.WriteByte(SessionPresent ? (byte)1 : (byte)0);
        body.WriteByte((byte)ReturnCode);
        body.Complete();
    }
}
