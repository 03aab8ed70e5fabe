using EdgeMl.Mcu.Link.Framing;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Bench.Tests.Link;

public class FrameReaderTests
{
    private const int FrameBytes = 300;
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(1000);
    private static readonly Gen<byte[]> Noise = ArbMap.Default.ArbFor<byte[]>().Generator;

    private static readonly Gen<byte[]> Payload =
        from length in Gen.Choose(0, FrameBytes - FrameFormat.OverheadBytes)
        from seed in Gen.Choose(0, 1000)
        select Enumerable.Range(0, length).Select(i => (byte)(seed % 3 == 0 ? 0 : (i * seed) % (1 + (seed % 256)))).ToArray();

    [Fact]
    public void Frames_are_found_whatever_pieces_they_come_in_and_whatever_lies_between() =>
        Prop.ForAll((from noise in Noise from payload in Payload from piece in Gen.Choose(1, 400) select (noise, payload, piece)).ListOf().ToArbitrary(), parts =>
        {
            var reader = new FrameReader(FrameBytes);
            var port = new MemoryPort();
            int sequence = 0;
            foreach ((byte[] noise, byte[] payload, int piece) in parts)
            {
                port.Put(noise);
                port.Put(Frames.Make(3, ++sequence, payload));
                port.PieceMax = piece;
            }
            var found = Frames.ReadAll(reader, port);
            Assert.Equal(parts.Select((part, i) => (i + 1, Convert.ToHexString(part.payload))), found.Where(frame => frame.Sequence > 0).Select(frame => (frame.Sequence, Convert.ToHexString(frame.Payload))));
        }).Check(Thorough);

    [Fact]
    public void After_any_bytes_the_next_zero_begins_anew() =>
        Prop.ForAll(Noise.ListOf().Select(parts => parts.SelectMany(part => part).ToArray()).ToArbitrary(), Gen.Choose(1, 50).ToArbitrary(), (noise, piece) =>
        {
            var reader = new FrameReader(FrameBytes);
            var port = new MemoryPort { PieceMax = piece };
            port.Put(noise);
            Frames.ReadAll(reader, port);
            port.Put(Frames.Make(3, 77, 1, 2, 3));
            var frame = Frames.ReadAll(reader, port)[^1];
            Assert.Equal((3, 77, "010203"), (frame.Kind, frame.Sequence, Convert.ToHexString(frame.Payload)));
        }).Check(Thorough);

    [Fact]
    public void A_frame_with_a_damaged_bit_is_dropped_and_counted() =>
        Prop.ForAll(Payload.ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (payload, seed) =>
        {
            var reader = new FrameReader(FrameBytes);
            var port = new MemoryPort();
            byte[] frame = Frames.Make(3, 1, payload);
            int bit = (seed % ((frame.Length - 2) * 8)) + 8;
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
            port.Put(frame);
            Assert.DoesNotContain(Frames.ReadAll(reader, port), found => Convert.ToHexString(found.Payload) == Convert.ToHexString(payload) && found.Sequence == 1 && found.Kind == 3);
            Assert.True(reader.Damaged > 0);
        }).Check(Thorough);

    [Fact]
    public void A_frame_that_is_cut_off_costs_itself_only() =>
        Prop.ForAll(Payload.ToArbitrary(), Gen.Choose(1, 1000).ToArbitrary(), (payload, cut) =>
        {
            var reader = new FrameReader(FrameBytes);
            var port = new MemoryPort();
            byte[] frame = Frames.Make(3, 1, payload);
            port.Put(frame.AsSpan(0, 1 + (cut % (frame.Length - 2))));
            port.Put(Frames.Make(3, 2));
            Assert.Equal([2], Frames.ReadAll(reader, port).Select(found => found.Sequence));
        }).Check(Thorough);

    [Fact]
    public void A_frame_that_is_longer_than_the_buffer_costs_itself_only()
    {
        var reader = new FrameReader(FrameBytes);
        var port = new MemoryPort();
        port.Put(Frames.Make(3, 1, new byte[5000]));
        port.Put(Frames.Make(3, 2, [.. Enumerable.Repeat((byte)9, FrameBytes - FrameFormat.OverheadBytes)]));
        port.Put(Frames.Make(3, 3));

        Assert.Equal([2, 3], Frames.ReadAll(reader, port).Select(found => found.Sequence));
        Assert.Equal(1, reader.Damaged);
    }

    [Fact]
    public void What_does_not_fit_a_frame_sets_a_mark_and_nothing_else()
    {
        var writer = new FrameWriter(FrameFormat.FrameBytesMin);
        writer.Begin(1, 2);
        writer.WriteBytes(new byte[FrameFormat.FrameBytesMin - FrameFormat.OverheadBytes], 0, FrameFormat.FrameBytesMin - FrameFormat.OverheadBytes);
        Assert.Equal((false, 0), (writer.Failed, writer.Room));
        writer.WriteByte(1);
        Assert.True(writer.Failed);
        writer.Clear();
        Assert.Equal((false, 0), (writer.Failed, writer.Length));
    }
}
