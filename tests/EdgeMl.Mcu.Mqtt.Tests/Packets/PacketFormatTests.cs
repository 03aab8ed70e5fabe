using EdgeMl.Mcu.Mqtt.Packets;

namespace EdgeMl.Mcu.Mqtt.Tests.Packets;

public class PacketFormatTests
{
    private const string Connect = "10 11 00 04 4D 51 54 54 04 02 00 3C 00 05 64 65 76 2D 31";

    /// <summary>Packets that MQTT 3.1.1 does not allow, and the rule that each breaks.</summary>
    public static TheoryData<string, string> Malformed => new()
    {
        { "00 00", "type 0 is reserved" },
        { "F0 00", "type 15 is reserved" },
        { "11 00", "CONNECT has flags" },
        { "36 05 00 01 61 00 01", "PUBLISH with QoS 3" },
        { "38 03 00 01 61", "DUP with QoS 0" },
        { "60 02 00 01", "PUBREL without flag 1" },
        { "80 06 00 01 00 01 61 00", "SUBSCRIBE without flag 1" },
        { "A0 05 00 01 00 01 61", "UNSUBSCRIBE without flag 1" },
        { "E1 00", "DISCONNECT has flags" },
        { "C0 80 80 80 80 00", "a remaining length of five bytes" },
        { "C0 01 00", "PINGREQ has a body" },
        { "40 03 00 01 00", "PUBACK of three bytes" },
        { "40 02 00 00", "packet identifier 0" },
        { "32 05 00 01 61 00 00", "PUBLISH with packet identifier 0" },
        { "30 02 00 00", "an empty topic" },
        { "30 03 00 01 23", "# in a topic name" },
        { "30 05 00 03 61 2F 2B", "+ in a topic name" },
        { "30 03 00 01 00", "U+0000 in a topic name" },
        { "30 04 00 02 C3 28", "ill-formed UTF-8" },
        { "30 04 00 02 C0 80", "overlong UTF-8" },
        { "30 05 00 03 ED A0 80", "a surrogate in UTF-8" },
        { "30 03 00 05 61", "a topic longer than the packet" },
        { "82 02 00 01", "SUBSCRIBE without filters" },
        { "82 06 00 01 00 01 61 03", "SUBSCRIBE with QoS 3" },
        { "82 06 00 01 00 01 61 04", "SUBSCRIBE with reserved bits" },
        { "82 07 00 01 00 02 61 23 00", "a filter a#" },
        { "82 05 00 01 00 00 00", "an empty filter" },
        { "A2 02 00 01", "UNSUBSCRIBE without filters" },
        { "90 02 00 01", "SUBACK without return codes" },
        { "90 03 00 01 03", "SUBACK with return code 3" },
        { "20 02 02 00", "CONNACK with reserved flags" },
        { "20 02 01 05", "CONNACK that refuses and has a session" },
        { "20 02 00 06", "CONNACK with return code 6" },
        { "10 11 00 04 4D 51 54 53 04 02 00 3C 00 05 64 65 76 2D 31", "another protocol name" },
        { "10 11 00 04 4D 51 54 54 05 02 00 3C 00 05 64 65 76 2D 31", "another protocol level" },
        { "10 11 00 04 4D 51 54 54 04 03 00 3C 00 05 64 65 76 2D 31", "the reserved flag of CONNECT" },
        { "10 11 00 04 4D 51 54 54 04 0A 00 3C 00 05 64 65 76 2D 31", "a will's QoS without a will" },
        { "10 11 00 04 4D 51 54 54 04 22 00 3C 00 05 64 65 76 2D 31", "a will's retain flag without a will" },
        { "10 11 00 04 4D 51 54 54 04 42 00 3C 00 05 64 65 76 2D 31", "a password without a user name" },
        { "10 16 00 04 4D 51 54 54 04 1E 00 3C 00 05 64 65 76 2D 31 00 01 61 00 00", "a will with QoS 3" },
        { "10 16 00 04 4D 51 54 54 04 06 00 3C 00 05 64 65 76 2D 31 00 01 23 00 00", "a will to a filter" },
        { "10 12 00 04 4D 51 54 54 04 02 00 3C 00 05 64 65 76 2D 31 00", "bytes behind CONNECT" },
        { "10 11 00 04 4D 51 54 54 04 82 00 3C 00 05 64 65 76 2D 31", "a user name that is missing" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_packet_that_breaks_a_rule_is_refused(string hex, string rule) =>
        Assert.True(Record.Exception(() => Codec.ReadAll(Bytes(hex))) is MqttProtocolException, rule);

    [Fact]
    public void CONNECT_has_the_bytes_of_the_specification()
    {
        var packet = new ConnectPacket { ClientId = "dev-1", CleanSession = true, KeepAlive = 60 };
        Assert.Equal(Bytes(Connect), Codec.Bytes(packet));
    }

    [Fact]
    public void CONNECT_with_everything_is_read_field_by_field()
    {
        var read = (ConnectPacket)Assert.Single(Codec.ReadAll(Bytes(
            "10 25 00 04 4D 51 54 54 04 EC 00 0A 00 05 64 65 76 2D 31 00 03 61 2F 62 00 03 62 79 65 00 02 6D 65 00 04 70 00 FF 77")));

        Assert.Equal("dev-1", read.ClientId);
        Assert.False(read.CleanSession);
        Assert.Equal(10, read.KeepAlive);
        Assert.Equal("a/b", read.Will!.Topic);
        Assert.Equal("bye"u8.ToArray(), read.Will.Payload.ToArray());
        Assert.Equal(QualityOfService.AtLeastOnce, read.Will.Quality);
        Assert.True(read.Will.Retain);
        Assert.Equal("me", read.UserName);
        Assert.Equal([0x70, 0x00, 0xFF, 0x77], read.Password!);
    }

    [Fact]
    public void PUBLISH_has_the_bytes_of_the_specification()
    {
        var message = new MqttMessage("a/b", new byte[] { 1, 2 }, QualityOfService.ExactlyOnce, retain: true);
        Assert.Equal(Bytes("3D 09 00 03 61 2F 62 00 0A 01 02"), Codec.Bytes(new OutgoingPublish(message, PacketId: 10, Duplicate: true)));
        Assert.Equal(Bytes("30 05 00 03 61 2F 62"), Codec.Bytes(new OutgoingPublish(new MqttMessage("a/b", default), 0, Duplicate: false)));
    }

    [Fact]
    public void SUBSCRIBE_and_UNSUBSCRIBE_have_the_bytes_of_the_specification()
    {
        SubscribeRequest[] requests = [new("a/b", QualityOfService.AtLeastOnce), new("c/#", QualityOfService.ExactlyOnce)];
        Assert.Equal(Bytes("82 0E 00 0A 00 03 61 2F 62 01 00 03 63 2F 23 02"), Codec.Bytes(new SubscribePacket(10, requests)));
        Assert.Equal(Bytes("A2 07 00 0A 00 03 61 2F 62"), Codec.Bytes(new UnsubscribePacket(10, ["a/b"])));
    }

    [Theory]
    [InlineData(0, "00")]
    [InlineData(127, "7F")]
    [InlineData(128, "80 01")]
    [InlineData(16_383, "FF 7F")]
    [InlineData(16_384, "80 80 01")]
    [InlineData(2_097_151, "FF FF 7F")]
    [InlineData(2_097_152, "80 80 80 01")]
    [InlineData(268_435_455, "FF FF FF 7F")]
    public void The_remaining_length_has_the_bytes_of_the_specification(int value, string hex)
    {
        Span<byte> written = stackalloc byte[4];
        int count = RemainingLength.Write(written, value);
        Assert.Equal(Bytes(hex), written[..count].ToArray());
        Assert.Equal(count, RemainingLength.SizeOf(value));
        Assert.True(RemainingLength.TryRead(written[..count], out int read, out int taken));
        Assert.Equal((value, count), (read, taken));
    }

    [Fact]
    public void A_packet_over_the_limit_is_refused_when_only_its_header_is_there()
    {
        var exception = Assert.Throws<MqttProtocolException>(() => Codec.ReadAll(Bytes("30 FF FF FF 7F")));
        Assert.Equal(MqttErrorCodes.PacketTooLarge, exception.Code);
        Assert.Contains("268,435,460", exception.Message, StringComparison.Ordinal);
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
