using EdgeMl.Mcu.Mqtt.Packets;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Mqtt.Tests.Packets;

/// <summary>Generators of valid packets of every type.</summary>
internal static class AnyPacket
{
    private static readonly string[] Levels = ["", "a", "b", "sensor", "温度", "ü", "😀", "\uFEFF", "$sys", "with space"];

    public static Gen<string> TopicName =>
        from levels in Gen.Elements(Levels).NonEmptyListOf()
        let name = string.Join('/', levels.Take(8))
        select name.Length == 0 ? "/" : name;

    public static Gen<string> TopicFilter =>
        from levels in Gen.Elements([.. Levels, "+", "+"]).NonEmptyListOf()
        from ending in Gen.Elements("", "", "/#")
        let filter = string.Join('/', levels.Take(8)) + ending
        select filter.Length == 0 ? "#" : filter;

    public static Gen<IOutgoingPacket> Packet => Gen.OneOf(Connect, Connack, Publish, Publish, Acknowledgement, Subscribe, Suback, Unsubscribe, Empty);

    private static Gen<ushort> PacketId => Gen.Choose(1, ushort.MaxValue).Select(id => (ushort)id);

    private static Gen<QualityOfService> Quality => Gen.Choose(0, 2).Select(quality => (QualityOfService)quality);

    private static Gen<byte[]> Payload =>
        from length in Gen.OneOf(Gen.Choose(0, 40), Gen.Elements(0, 127, 128, 16_383, 16_384, 20_000))
        from seed in Gen.Choose(0, int.MaxValue)
        select RandomBytes(length, seed);

    private static Gen<MqttMessage> Message =>
        from topic in TopicName
        from payload in Payload
        from quality in Quality
        from retain in Gen.Elements(true, false)
        select new MqttMessage(topic, payload, quality, retain);

    private static Gen<IOutgoingPacket> Publish =>
        from message in Message
        from id in PacketId
        from duplicate in Gen.Elements(true, false)
        let isAcknowledged = message.Quality != QualityOfService.AtMostOnce
        select (IOutgoingPacket)new OutgoingPublish(message, isAcknowledged ? id : (ushort)0, duplicate && isAcknowledged);

    private static Gen<IOutgoingPacket> Connect =>
        from clientId in Gen.Elements("", "device-1", "geräte/7")
        from clean in Gen.Elements(true, false)
        from keepAlive in Gen.Choose(0, ushort.MaxValue)
        from will in Message.OrNull()
        from userName in Gen.Elements("", "user", null)
        from password in Payload
        from hasPassword in Gen.Elements(true, false)
        select (IOutgoingPacket)new ConnectPacket
        {
            ClientId = clientId,
            CleanSession = clean,
            KeepAlive = (ushort)keepAlive,
            Will = will,
            UserName = userName,
            Password = hasPassword && userName is not null ? password : null,
        };

    private static Gen<IOutgoingPacket> Connack =>
        from code in Gen.Choose(0, 5)
        from present in Gen.Elements(true, false)
        select (IOutgoingPacket)new ConnackPacket((ConnectReturnCode)code, present && code == 0);

    private static Gen<IOutgoingPacket> Acknowledgement =>
        from type in Gen.Elements(PacketType.Puback, PacketType.Pubrec, PacketType.Pubrel, PacketType.Pubcomp, PacketType.Unsuback)
        from id in PacketId
        select (IOutgoingPacket)new AcknowledgementPacket(type, id);

    private static Gen<IOutgoingPacket> Subscribe =>
        from id in PacketId
        from requests in (from filter in TopicFilter from quality in Quality select new SubscribeRequest(filter, quality)).NonEmptyListOf()
        select (IOutgoingPacket)new SubscribePacket(id, [.. requests]);

    private static Gen<IOutgoingPacket> Suback =>
        from id in PacketId
        from codes in Gen.Elements<byte>(0, 1, 2, 0x80).NonEmptyListOf()
        select (IOutgoingPacket)new SubackPacket(id, [.. codes]);

    private static Gen<IOutgoingPacket> Unsubscribe =>
        from id in PacketId
        from filters in TopicFilter.NonEmptyListOf()
        select (IOutgoingPacket)new UnsubscribePacket(id, [.. filters]);

    private static Gen<IOutgoingPacket> Empty =>
        Gen.Elements(PacketType.Pingreq, PacketType.Pingresp, PacketType.Disconnect).Select(type => (IOutgoingPacket)new EmptyPacket(type));

    private static byte[] RandomBytes(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
