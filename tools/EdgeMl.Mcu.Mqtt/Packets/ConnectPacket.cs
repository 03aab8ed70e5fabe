using System.Buffers;
using EdgeMl.Mcu.Mqtt.Topics;

namespace EdgeMl.Mcu.Mqtt.Packets;

/// <summary>CONNECT (MQTT 3.1.1, 3.1).</summary>
internal sealed class ConnectPacket : IOutgoingPacket
{
    private const byte ProtocolLevel = 4;
    private const byte UserNameFlag = 0x80, PasswordFlag = 0x40, WillRetainFlag = 0x20, WillFlag = 0x04, CleanSessionFlag = 0x02, ReservedFlag = 0x01;
    private const int WillQualityShift = 3;
    private const byte WillQualityMask = 0x18;

    private static ReadOnlySpan<byte> ProtocolName => "MQTT"u8;

    public required string ClientId { get; init; }

    public required bool CleanSession { get; init; }

    /// <summary>In seconds; 0 is off.</summary>
    public required ushort KeepAlive { get; init; }

    public MqttMessage? Will { get; init; }

    public string? UserName { get; init; }

    /// <summary>Only with a user name.</summary>
    public byte[]? Password { get; init; }

    /// <exception cref="MqttProtocolException">Malformed, or of another version of MQTT.</exception>
    public static ConnectPacket Read(in MqttFrame frame)
    {
        var body = new BodyReader(frame);
        CheckProtocol(ref body);
        byte flags = body.ReadByte();
        CheckFlags(flags);
        ushort keepAlive = body.ReadUInt16();
        string clientId = body.ReadString();
        MqttMessage? will = (flags & WillFlag) != 0 ? ReadWill(ref body, flags) : null;
        string? userName = (flags & UserNameFlag) != 0 ? body.ReadString() : null;
        byte[]? password = (flags & PasswordFlag) != 0 ? body.ReadBinary().ToArray() : null;
        body.ExpectEnd();
        return new ConnectPacket
        {
            ClientId = clientId,
            CleanSession = (flags & CleanSessionFlag) != 0,
            KeepAlive = keepAlive,
            Will = will,
            UserName = userName,
            Password = password,
        };
    }

    /// <inheritdoc/>
    public void Write(IBufferWriter<byte> output)
    {
        int bodyBytes = 10 + MqttText.SizeOf(ClientId);
        byte flags = CleanSession ? CleanSessionFlag : (byte)0;
        if (Will is { } announced)
        {
            bodyBytes += MqttText.SizeOf(announced.Topic) + 2 + announced.Payload.Length;
            flags |= (byte)(WillFlag | ((int)announced.Quality << WillQualityShift) | (announced.Retain ? WillRetainFlag : 0));
        }
        if (UserName is not null)
        {
            bodyBytes += MqttText.SizeOf(UserName);
            flags |= UserNameFlag;
        }
        if (Password is { } secret)
        {
            bodyBytes += 2 + secret.Length;
            flags |= PasswordFlag;
        }

        var body = new BodyWriter(output, PacketType.Connect, flags: 0, bodyBytes);
        body.WriteBinary(ProtocolName);
        body.WriteByte(ProtocolLevel);
        body.WriteByte(flags);
        body.WriteUInt16(KeepAlive);
        body.WriteString(ClientId);
        if (Will is { } will)
        {
            body.WriteString(will.Topic);
            body.WriteBinary(will.Payload.Span);
        }
        if (UserName is not null)
            body.WriteString(UserName);
        if (Password is { } password)
            body.WriteBinary(password);
        body.Complete();
    }

    private static void CheckProtocol(ref BodyReader body)
    {
        ReadOnlySequence<byte> name = body.ReadBinary();
        byte level = body.ReadByte();
        if (name.Length != ProtocolName.Length || !new SequenceReader<byte>(name).IsNext(ProtocolName))
            throw MqttProtocolException.Malformed("CONNECT has another protocol name than MQTT.");
        if (level != ProtocolLevel)
            throw new MqttProtocolException(MqttErrorCodes.Version, $"CONNECT asks for protocol level {level}; MQTT 3.1.1 is level {ProtocolLevel}.");
    }

    private static void CheckFlags(byte flags)
    {
        bool willIsConsistent = (flags & WillFlag) != 0 ? (flags & WillQualityMask) != WillQualityMask : (flags & (WillQualityMask | WillRetainFlag)) == 0;
        bool passwordIsConsistent = (flags & UserNameFlag) != 0 || (flags & PasswordFlag) == 0;
        if ((flags & ReservedFlag) != 0 || !willIsConsistent || !passwordIsConsistent)
            throw MqttProtocolException.Malformed($"CONNECT has flags 0x{flags:X2}, which contradict each other or are reserved.");
    }

    private static MqttMessage ReadWill(ref BodyReader body, byte flags)
    {
        string topic = body.ReadString();
        byte[] payload = body.ReadBinary().ToArray();
        if (!TopicName.IsValid(topic))
            throw MqttProtocolException.Malformed("The will's topic is no topic name.");
        return new MqttMessage(topic, payload, (QualityOfService)((flags & WillQualityMask) >> WillQualityShift), (flags & WillRetainFlag) != 0);
    }
}
