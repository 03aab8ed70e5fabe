using System.Text;
using EdgeMl.Mcu.Bench.WireProtocol;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Bench.Tests.WireProtocol;

public class WireReaderTests
{
    private const int Cases = 2000;

    [Fact]
    public void The_checksum_is_that_of_the_protocol() => Assert.Equal(0x89A1897Fu, WireCrc32.Compute("123456789"u8));

    // Taken from the definition of the format: a ping of the host, sequence 1, with checksums.
    [Fact]
    public void A_packet_has_the_layout_of_the_protocol()
    {
        byte[] bytes = new WirePacket(WireCommand.Ping, 1, 0, WireBits.NoCaching, [2, 0, 1, 0, 0, 0, 0, 0]).ToBytes();

        Assert.Equal(40, bytes.Length);
        Assert.Equal("NFPKTV1\0", Encoding.ASCII.GetString(bytes, 0, 8));
        Assert.Equal(WireCrc32.Compute(bytes.AsSpan(32)), BitConverter.ToUInt32(bytes, 12));
        Assert.Equal([0, 0, 0, 0, 1, 0, 0, 0, 0, 0x20, 0, 0, 8, 0, 0, 0], bytes[16..32]);
    }

    [Fact]
    public void Packets_are_found_whatever_pieces_they_come_in_and_noise_between_them_is_handed_out()
    {
        Gen<byte[]> payload = ArbMap.Default.ArbFor<byte[]>().Generator.Select(bytes => bytes.Take(WirePacket.PayloadMax).ToArray());
        Gen<(byte[] Noise, byte[] Payload, int Piece)> part =
            from noise in ArbMap.Default.ArbFor<byte[]>().Generator
            from content in payload
            from piece in Gen.Choose(1, 60)
            select (noise.Select(b => b == (byte)'N' ? (byte)'n' : b).ToArray(), content, piece);
        Prop.ForAll(part.ListOf().ToArbitrary(), parts =>
        {
            var reader = new WireReader();
            var found = new List<WirePacket>();
            var noise = new List<byte>();
            ushort sequence = 0;
            foreach ((byte[] dirt, byte[] content, int piece) in parts)
            {
                byte[] stream = [.. dirt, .. new WirePacket(WireCommand.Message, ++sequence, 7, WireBits.Reply, content).ToBytes()];
                foreach (byte[] chunk in stream.Chunk(piece))
                {
                    found.AddRange(reader.Take(chunk));
                    noise.AddRange(reader.TakeNoise());
                }
            }
            Assert.Equal(parts.SelectMany(p => p.Noise), noise);
            Assert.Equal(parts.Select(p => p.Payload), found.Select(packet => packet.Payload));
            Assert.All(found, packet => Assert.True(packet.Answers(7)));
            Assert.Equal(0, reader.Damaged);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void A_damaged_packet_costs_itself_only()
    {
        var random = new Random(5);
        for (int i = 0; i < Cases; i++)
        {
            var reader = new WireReader();
            byte[] content = new byte[random.Next(64)];
            random.NextBytes(content);
            byte[] damaged = new WirePacket(WireCommand.Message, 1, 0, WireBits.None, content).ToBytes();
            int place = random.Next(damaged.Length);
            damaged[place] ^= (byte)(1 << random.Next(8));
            // A damaged length makes the reader wait for more bytes than one packet has.
            byte[] whole = new WirePacket(WireCommand.Ping, 2, 0, WireBits.None, []).ToBytes();
            var found = new List<WirePacket>(reader.Take(damaged));
            for (int repeat = 0; repeat < 40; repeat++)
                found.AddRange(reader.Take(whole));

            Assert.DoesNotContain(found, packet => packet.Sequence != 2);
            Assert.InRange(found.Count, 7, 40);
            Assert.Equal(2, found[^1].Sequence);
        }
    }

    [Fact]
    public void Random_bytes_are_no_packets()
    {
        var random = new Random(9);
        var reader = new WireReader();
        byte[] bytes = new byte[1 << 20];
        random.NextBytes(bytes);

        Assert.Empty(reader.Take(bytes));
        Assert.InRange(reader.TakeNoise().Length, bytes.Length - 8, bytes.Length);
    }
}
