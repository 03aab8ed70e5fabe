using EdgeMl.Mcu.Runtime.Packed;

namespace EdgeMl.Mcu.Toolchain.Plan.Variants;

/// <summary>The blocks of taps that a packed kernel goes through for one filter, in order.</summary>
/// <param name="Blocks">For each block its taps, the first weight in it and the number of weights.</param>
/// <param name="FlushBlocks">After how many blocks sums must be flushed, 0 for never.</param>
internal sealed record TapBlocks((int Taps, int First, int Count)[] Blocks, int FlushBlocks)
{
    /// <summary>How often sums are flushed.</summary>
    public int Flushes => FlushBlocks == 0 ? 0 : (Blocks.Length - 1) / FlushBlocks;

    /// <summary>The blocks of a layer whose windows are runs of <paramref name="runLength"/> bytes, flushed as seldom as its weights allow.</summary>
    public static TapBlocks Of(PackedConvLayer layer, int shape, int runLength)
    {
        var blocks = new List<(int Taps, int First, int Count)>();
        for (int run = 0; run < layer.FilterSize; run += runLength)
        {
            for (int done = 0; done < runLength;)
            {
                int taps = PackedConv2D.NextTaps(shape, runLength - done);
                int count = Math.Min(taps, runLength - done);
                blocks.Add((taps, run + done, count));
                done += count;
            }
        }
        return new TapBlocks([.. blocks], Flush(layer, blocks));
    }

    /// <summary>Blocks of one size, as <see cref="PackedPositions"/> goes through a filter.</summary>
    public static TapBlocks OfSize(PackedConvLayer layer, int taps)
    {
        List<(int Taps, int First, int Count)> blocks = [.. Enumerable.Range(0, (layer.FilterSize + taps - 1) / taps).Select(i => (taps, i * taps, Math.Min(taps, layer.FilterSize - (i * taps))))];
        return new TapBlocks([.. blocks], Flush(layer, blocks));
    }

    private static int Flush(PackedConvLayer layer, List<(int Taps, int First, int Count)> blocks)
    {
        int most = blocks.Count;
        for (int channel = 0; channel < layer.OutputChannels; channel++)
        {
            int[] sums = [.. blocks.Select(block => layer.AbsoluteSum(channel, block.First, block.Count))];
            while (most > 1 && sums.Chunk(most).Any(chunk => chunk.Sum() > PackedWeights.SumLimit))
                most--;
        }
        return most == blocks.Count ? 0 : most;
    }
}
