using EdgeMl.Mcu.Agent.Delta;
using EdgeMl.Mcu.Ota.Delta;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Ota.Tests.Delta;

public class DeltaRoundTripTests
{
    private static readonly Gen<byte[]> Noise = ArrayOf(Gen.Choose(0, 255), 0, 600);
    private static readonly Gen<byte[]> Skewed = ArrayOf(Gen.Frequency((8, Gen.Constant(0)), (3, Gen.Choose(1, 4)), (1, Gen.Choose(0, 255))), 0, 3000);
    private static readonly Gen<byte[]> Files = Gen.Frequency((1, Gen.Constant(Array.Empty<byte>())), (4, Noise), (4, Skewed));

    [Fact]
    public void A_delta_makes_the_target_of_the_base_whatever_both_are() =>
        Prop.ForAll(Arb.From(from original in Files from target in Files select (original, target)), pair => RoundTrips(pair.original, pair.target)).QuickCheckThrowOnFailure();

    [Fact]
    public void A_delta_makes_an_edited_file_of_the_original() =>
        Prop.ForAll(Arb.From(from original in Files from seed in Gen.Choose(0, int.MaxValue) select (original, seed)), pair => RoundTrips(pair.original, Edited(pair.original, pair.seed)))
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(0, 5000)]
    [InlineData(5000, 0)]
    [InlineData(63, 65)]
    public void Empty_and_tiny_files_have_deltas(int originalBytes, int targetBytes)
    {
        byte[] original = [.. Enumerable.Range(1, originalBytes).Select(i => (byte)i)], target = [.. Enumerable.Range(7, targetBytes).Select(i => (byte)i)];
        Assert.Equal(target, Deltas.Apply(original, DeltaEncoder.Encode(original, target)));
    }

    [Fact]
    public void The_size_of_the_blocks_does_not_change_the_file()
    {
        byte[] original = Random(5000, 1), target = Edited(original, 2);
        byte[] delta = DeltaEncoder.Encode(original, target);
        foreach (int size in new[] { 1, 7, 63, 64, 65, 1000, 1024, 100_000 })
            Assert.Equal(target, Deltas.Apply(original, delta, size));
    }

    [Fact]
    public void A_delta_is_the_same_for_the_same_files()
    {
        byte[] original = Random(20_000, 3), target = Edited(original, 4);
        Assert.Equal(DeltaEncoder.Encode(original, target), DeltaEncoder.Encode([.. original], [.. target]));
    }

    [Fact]
    public void A_file_without_anything_of_the_base_is_stored_and_needs_no_base()
    {
        byte[] target = Random(10_000, 5);
        byte[] delta = DeltaEncoder.Encode(Random(10_000, 6), target);
        Assert.Equal(target.Length + DeltaFormat.OverheadBytesMax, delta.Length);
        Assert.InRange(delta.Length, 0, 1.01 * target.Length);
        Assert.Equal(target, Deltas.Apply([1, 2, 3], delta));
    }

    [Fact]
    public void Sections_that_moved_cost_little()
    {
        byte[] original = Random(30_000, 7);
        byte[] moved = [.. original[20_000..30_000], .. original[..9_000], .. new byte[] { 1, 2, 3 }, .. original[9_100..20_000]];
        byte[] delta = DeltaEncoder.Encode(original, moved);
        Assert.Equal(moved, Deltas.Apply(original, delta));
        Assert.InRange(delta.Length, 1, 100);
    }

    [Fact]
    public void The_same_file_costs_a_few_bytes()
    {
        byte[] file = Random(100_000, 8);
        Assert.InRange(DeltaEncoder.Encode(file, file).Length, 1, 40);
    }

    [Fact]
    public void A_carry_runs_through_any_number_of_pending_bytes()
    {
        // Long files of rare changes push the coder's range across its byte boundaries in every way.
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            byte[] original = Random(4000, seed);
            byte[] target = Array.ConvertAll(original, value => random.Next(1 + seed) == 0 ? (byte)(value + random.Next(-2, 3)) : value);
            Assert.Equal(target, Deltas.Apply(original, DeltaEncoder.Encode(original, target)));
        }
    }

    private static void RoundTrips(byte[] original, byte[] target)
    {
        byte[] delta = DeltaEncoder.Encode(original, target);
        Assert.Equal(target, Deltas.Apply(original, delta, 100));
        Assert.InRange(delta.Length, DeltaFormat.OverheadBytesMax, target.Length + DeltaFormat.OverheadBytesMax);
    }

    private static byte[] Random(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Cuts, insertions, moves, clears and small changes.</summary>
    private static byte[] Edited(byte[] original, int seed)
    {
        var random = new Random(seed);
        var bytes = new List<byte>(original);
        for (int step = random.Next(1, 6); step > 0; step--)
        {
            int at = random.Next(bytes.Count + 1), count = random.Next(Math.Min(200, bytes.Count - at) + 1);
            List<byte> part = bytes.GetRange(at, count);
            switch (random.Next(5))
            {
                case 0:
                    bytes.RemoveRange(at, count);
                    break;
                case 1:
                    bytes.InsertRange(at, Random(random.Next(100), seed));
                    break;
                case 2:
                    bytes.RemoveRange(at, count);
                    bytes.InsertRange(random.Next(bytes.Count + 1), part);
                    break;
                case 3:
                    part.ForEach(_ => bytes[at++] = 0);
                    break;
                default:
                    part.ForEach(value => bytes[at++] = (byte)(value + random.Next(-3, 4)));
                    break;
            }
        }
        return [.. bytes];
    }

    private static Gen<byte[]> ArrayOf(Gen<int> element, int least, int most) =>
        from count in Gen.Choose(least, most) from values in element.ArrayOf(count) select Array.ConvertAll(values, value => (byte)value);
}
