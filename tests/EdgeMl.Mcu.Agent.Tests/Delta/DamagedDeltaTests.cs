using EdgeMl.Mcu.Agent.Delta;
using EdgeMl.Mcu.Ota.Delta;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Agent.Tests.Delta;

public class DamagedDeltaTests
{
    private const int Cases = 10_000;
    private static readonly byte[] Original = Bytes(3000, 1);
    private static readonly byte[] Target = [.. Original[1000..2000], .. new byte[50], .. Original[..1500], .. Bytes(300, 2)];
    private static readonly byte[] Coded = DeltaEncoder.Encode(Original, Target);
    private static readonly byte[] Stored = DeltaEncoder.Encode([], Bytes(500, 3));

    [Fact]
    public void The_base_of_the_tests_is_worth_a_coded_delta()
    {
        Assert.Equal(DeltaFormat.Coded, Coded[DeltaFormat.BodyOffset]);
        Assert.Equal(DeltaFormat.Stored, Stored[DeltaFormat.BodyOffset]);
    }

    [Fact]
    public void A_damaged_delta_is_refused_when_it_is_opened()
    {
        foreach (byte[] delta in new[] { Coded, Stored })
        {
            foreach (byte[] damaged in Mutations.Of(delta, Cases, seed: 4))
                Assert.NotEqual(DeltaError.None, new DeltaDecoder().Open(new CheckedSource(Original), new CheckedSource(damaged)));
        }
    }

    [Fact]
    public void A_damaged_delta_with_a_right_checksum_ends_with_a_file_of_its_length_or_an_error()
    {
        var ends = new Dictionary<DeltaError, int>();
        var decoder = new DeltaDecoder();
        foreach (byte[] damaged in Mutations.Of(Coded, Cases, seed: 5).Concat(Mutations.InPlace(Coded, Cases, seed: 6)).Concat(Mutations.Of(Stored, Cases / 10, seed: 7)))
        {
            Seal(damaged);
            DeltaError end = Drain(decoder, new CheckedSource(Original), new CheckedSource(damaged));
            ends[end] = ends.GetValueOrDefault(end) + 1;
        }
        Assert.Superset(new HashSet<DeltaError> { DeltaError.None, DeltaError.Truncated, DeltaError.NotADelta, DeltaError.FormatVersion, DeltaError.BadHeader, DeltaError.WrongBase, DeltaError.BadSegment }, ends.Keys.ToHashSet());
    }

    [Fact]
    public void Any_body_ends()
    {
        var random = new Random(8);
        var decoder = new DeltaDecoder();
        for (int i = 0; i < Cases; i++)
        {
            var delta = new byte[DeltaFormat.OverheadBytesMax + random.Next(200)];
            random.NextBytes(delta.AsSpan(DeltaFormat.HeaderBytes));
            Coded.AsSpan(0, DeltaFormat.HeaderBytes).CopyTo(delta);
            Seal(delta);
            Drain(decoder, new CheckedSource(Original), new CheckedSource(delta));
        }
    }

    [Fact]
    public void A_base_that_is_another_file_is_refused()
    {
        var decoder = new DeltaDecoder();
        byte[] changed = [.. Original];
        changed[^1] ^= 1;
        foreach (byte[] wrong in new[] { changed, Original[..^1], [.. Original, 0], [] })
            Assert.Equal(DeltaError.WrongBase, decoder.Open(new ArraySource(wrong), new ArraySource(Coded)));
        Assert.Equal(DeltaError.None, decoder.Open(new ArraySource(Original), new ArraySource(Coded)));
    }

    [Fact]
    public void A_source_that_fails_at_any_read_fails_the_delta_and_nothing_else()
    {
        var decoder = new DeltaDecoder();
        foreach (byte[] delta in new[] { Coded, Stored })
        {
            foreach (bool failsBase in new[] { true, false })
            {
                var intact = new ArraySource(failsBase ? Original : delta);
                Assert.Equal(DeltaError.None, Drain(decoder, failsBase ? intact : new ArraySource(Original), failsBase ? new ArraySource(delta) : intact));
                for (int reads = 0; reads < intact.Reads; reads++)
                {
                    var failing = new ArraySource(failsBase ? Original : delta) { ReadsMax = reads };
                    Assert.Equal(DeltaError.SourceFailed, Drain(decoder, failsBase ? failing : new ArraySource(Original), failsBase ? new ArraySource(delta) : failing));
                }
            }
        }
    }

    [Fact]
    public void More_than_is_left_of_the_file_is_refused_for_good()
    {
        var decoder = new DeltaDecoder();
        var block = new byte[Target.Length + 1];
        Assert.False(decoder.Next(block, 0));
        Assert.Equal(DeltaError.NotOpen, decoder.Error);
        foreach (int count in new[] { -1, Target.Length + 1, int.MaxValue, int.MinValue })
        {
            Assert.Equal(DeltaError.None, decoder.Open(new ArraySource(Original), new ArraySource(Coded)));
            Assert.False(decoder.Next(block, count));
            Assert.Equal(DeltaError.PastEnd, decoder.Error);
            Assert.False(decoder.Next(block, 1));
        }
        Assert.Equal(DeltaError.None, decoder.Open(new ArraySource(Original), new ArraySource(Coded)));
        Assert.True(decoder.Next(block, Target.Length));
        Assert.True(decoder.Next(block, 0));
        Assert.False(decoder.Next(block, 1));
    }

    [Fact]
    public void A_decoder_opens_one_delta_after_another()
    {
        var decoder = new DeltaDecoder();
        var block = new byte[Target.Length];
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(DeltaError.None, decoder.Open(new ArraySource(Original), new ArraySource(Coded)));
            Assert.True(decoder.Next(block, 1234));
            Assert.Equal(DeltaError.None, decoder.Open(new ArraySource(Original), new ArraySource(Coded)));
            Assert.True(decoder.Next(block, Target.Length));
            Assert.Equal(Target, block);
        }
    }

    /// <summary>Takes the file up to its end, an error, or 64 KB.</summary>
    private static DeltaError Drain(DeltaDecoder decoder, ByteSource original, ByteSource delta)
    {
        decoder.Open(original, delta);
        var block = new byte[256];
        // A damaged header may claim a quarter of a gigabyte, which is legal and slow.
        while (decoder.Error == DeltaError.None && decoder.Position < Math.Min(decoder.TargetLength, 1 << 16))
        {
            int position = decoder.Position, count = Math.Min(block.Length, decoder.TargetLength - position);
            Assert.Equal(decoder.Next(block, count), decoder.Error == DeltaError.None && decoder.Position == position + count);
        }
        return decoder.Error;
    }

    private static void Seal(byte[] delta)
    {
        int end = delta.Length - DeltaFormat.ChecksumBytes;
        if (end >= 0)
            BitConverter.TryWriteBytes(delta.AsSpan(end), Crc32.Compute(delta, 0, end));
    }

    private static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Fails the test where a range does not lie within the source and the buffer.</summary>
    private sealed class CheckedSource(byte[] bytes) : ByteSource
    {
        public override int Length => bytes.Length;

        public override bool Read(int offset, byte[] buffer, int index, int count)
        {
            Assert.True(offset >= 0 && count >= 0 && offset <= bytes.Length - count && index >= 0 && index <= buffer.Length - count, $"{count} bytes from {offset} of {bytes.Length} to {index} of {buffer.Length}");
            Array.Copy(bytes, offset, buffer, index, count);
            return true;
        }
    }
}
