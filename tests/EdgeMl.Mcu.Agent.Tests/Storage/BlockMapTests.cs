using System.Security.Cryptography;
using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Bench.Flash;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Agent.Tests.Storage;

public class BlockMapTests
{
    [Fact]
    public void A_scan_finds_the_blocks_that_are_right_and_no_others()
    {
        Prop.ForAll(Gen.Choose(0, 2).ListOf(30).ToArbitrary(), Gen.Choose(1, 64).ToArbitrary(), (states, last) =>
        {
            int length = (states.Count - 1) * 64 + last;
            byte[] file = new byte[length];
            new Random(length).NextBytes(file);
            byte[][] hashes = [.. file.Chunk(64).Select(SHA256.HashData)];
            var files = new SimulatedFiles();
            Assert.True(files.Open(StoreFile.Delta));
            for (int i = 0; i < states.Count; i++)
            {
                byte[] block = file[(i * 64)..Math.Min(length, (i + 1) * 64)];
                block[0] ^= (byte)(states[i] == 2 ? 1 : 0);
                Assert.True(states[i] == 0 || files.Write(StoreFile.Delta, i * 64, block, 0, block.Length));
            }
            var map = new BlockMap(30);
            Assert.True(map.Reset(length, 64));

            map.Scan(files, StoreFile.Delta, new Hashes(hashes), new byte[64]);

            Assert.Equal(states.Select(state => state == 1), Enumerable.Range(0, map.Count).Select(map.IsPresent));
            Assert.Equal(states.Count(state => state == 1), map.Present);
            Assert.Equal(states.All(state => state == 1), map.IsComplete);
            Assert.Equal(Enumerable.Range(0, map.Count).FirstOrDefault(i => states[i] != 1, -1), map.NextMissing(0));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_file_of_too_many_blocks_is_refused()
    {
        var map = new BlockMap(8);

        Assert.True(map.Reset(2048, 256));
        Assert.Equal((8, 256), (map.Count, map.LengthOf(7)));
        Assert.False(map.Reset(2049, 256));
        Assert.Equal(0, map.Count);
        Assert.True(map.Reset(0, 256));
        Assert.True(map.IsComplete);
        Assert.False(map.Reset(int.MaxValue, 256));
    }

    [Fact]
    public void An_absent_file_has_no_blocks()
    {
        var map = new BlockMap(8);
        Assert.True(map.Reset(100, 64));

        map.Scan(new SimulatedFiles(), StoreFile.Delta, new Hashes([]), new byte[64]);

        Assert.Equal(0, map.Present);
        map.Add(1);
        map.Add(1);
        Assert.Equal((1, 36, 0, -1), (map.Present, map.LengthOf(1), map.NextMissing(0), map.NextMissing(1)));
    }

    private sealed class Hashes(byte[][] hashes) : BlockCheck
    {
        public override bool Matches(int block, byte[] buffer, int index, int count) => SHA256.HashData(buffer.AsSpan(index, count)).AsSpan().SequenceEqual(hashes[block]);
    }
}
