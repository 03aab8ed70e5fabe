using EdgeMl.Mcu.Agent.Delta;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Ota.Tests.Delta;

/// <summary>Applies deltas as a device does.</summary>
internal static class Deltas
{
    /// <summary>The file that a delta makes of a base, in blocks of one size.</summary>
    public static byte[] Apply(byte[] original, byte[] delta, int blockBytes = 1024)
    {
        var decoder = new DeltaDecoder();
        Assert.Equal(DeltaError.None, decoder.Open(new ArraySource(original), new ArraySource(delta)));
        var file = new byte[decoder.TargetLength];
        var block = new byte[blockBytes];
        while (decoder.Position < file.Length)
        {
            int start = decoder.Position, count = Math.Min(blockBytes, file.Length - start);
            Assert.True(decoder.Next(block, count), decoder.Error.ToString());
            Assert.Equal(start + count, decoder.Position);
            block.AsSpan(0, count).CopyTo(file.AsSpan(start));
        }
        return file;
    }
}
