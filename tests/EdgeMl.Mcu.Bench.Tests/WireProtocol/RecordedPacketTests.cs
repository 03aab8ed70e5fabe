using EdgeMl.Mcu.Bench.WireProtocol;

namespace EdgeMl.Mcu.Bench.Tests.WireProtocol;

/// <summary>Packets that nf-interpreter's own code (1.17, POSIX build) sent in answer to requests of this protocol.</summary>
public class RecordedPacketTests
{
    private const WireBits Answer = WireBits.Reply | WireBits.NonCritical | WireBits.Acknowledge;
    private const WireBits Refusal = WireBits.Reply | WireBits.NonCritical | WireBits.NegativeAcknowledge;
    private const WireBits Report = WireBits.NonCritical | WireBits.NegativeAcknowledge;

    [Theory]
    [InlineData("4e46504b545631004ec13041f0e135d4000000000200010003800000080000000000010014010400", WireCommand.Ping, 2, 1, Answer, "0000010014010400")]
    [InlineData("4e46504b54563100a2235535d6fc0539080002000300020003800000040000000e000000", WireCommand.QueryClrCapabilities, 3, 2, Answer, "0e000000")]
    [InlineData("4e46504b5456310096d1000c4a3dbf1304000000050004000380000004000000cb10b1f2", WireCommand.CheckMemory, 5, 4, Answer, "cb10b1f2")]
    [InlineData("4e46504b54563100d136032d0000000004000000060005000340000000000000", WireCommand.CheckMemory, 6, 5, Refusal, "")]
    [InlineData("4e46504b545631004ec7c3acd2691fa40c0000000700060003800000200000000000fc5f01000000000004002000000000000060060000000000020050000000", WireCommand.FlashSectorMap, 7, 6, Answer,
        "0000fc5f01000000000004002000000000000060060000000000020050000000")]
    [InlineData("4e46504b5456310022e6c3540000000000000000080000000940000000000000", WireCommand.Ping, 8, 0, Report | WireBits.BadPayload, "")]
    [InlineData("4e46504b5456310085b6ffed0000000000000000090000000540000000000000", WireCommand.Ping, 9, 0, Report | WireBits.BadHeader, "")]
    [InlineData("4e46504b545631002dbbaed800000000070000000a00090003800000000000004e46504b54563100d015f8d400000000000000000b0000000120000000000000", WireCommand.Reboot, 10, 9, Answer, "")]
    public void A_packet_of_the_real_firmware_is_read_and_made_again(string bytes, WireCommand command, int sequence, int replyTo, WireBits flags, string payload)
    {
        byte[] recorded = Convert.FromHexString(bytes);
        var reader = new WireReader();

        WirePacket packet = reader.Take(recorded)[0];

        Assert.Equal((command, (ushort)sequence, (ushort)replyTo, flags, payload), (packet.Command, packet.Sequence, packet.ReplyTo, packet.Flags, Convert.ToHexStringLower(packet.Payload)));
        Assert.Equal(0, reader.Damaged);
        Assert.Equal(recorded[..(32 + packet.Payload.Length)], packet.ToBytes());
    }

    // Behind the answer to a restart comes the ping of the CLR that starts: no answer wanted, no payload.
    [Fact]
    public void A_clr_that_starts_asks_who_is_there()
    {
        WirePacket ping = Assert.Single(new WireReader().Take(Convert.FromHexString("4e46504b54563100d015f8d400000000000000000b0000000120000000000000")));

        Assert.Equal((WireCommand.Ping, WireBits.NonCritical | WireBits.NoCaching, 0), (ping.Command, ping.Flags, ping.Payload.Length));
    }

    [Fact]
    public void The_checksum_of_erased_flash_is_that_of_the_firmware() => Assert.Equal(0xF2B110CBu, WireCrc32.Compute([.. Enumerable.Repeat((byte)0xFF, 16)]));
}
