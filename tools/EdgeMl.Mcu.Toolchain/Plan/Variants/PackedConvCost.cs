using EdgeMl.Mcu.Runtime.Kernels;
using EdgeMl.Mcu.Runtime.Packed;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Toolchain.Plan.Variants;

/// <summary>Predicted IL of <see cref="PackedConv2D"/>, from the instructions that its loops compile to.</summary>
internal static class PackedConvCost
{
    private const int TileIl = 400;
    private const int GroupIl = 150;
    private const int PositionIl = 18;
    private const int LoadSmallIl = 1100;
    private const int LoadLargeIl = 1900;
    private const int PackIl = 35;
    private const int FlushIl = 29;
    private const int CopyIl = 40;
    private const int FillIl = 200;

    /// <summary>Instructions for one run of a layer in tiles of a size.</summary>
    public static long Of(PackedConvLayer layer, TapBlocks blocks, int shape, int source, int rows, int columns)
    {
        int[] p = layer.Parameters;
        long total = 0;
        foreach ((int height, int verticalCount) in Parts(p[P.OutputHeight], rows))
        {
            foreach ((int width, int horizontalCount) in Parts(p[P.OutputWidth], columns))
                total += (long)verticalCount * horizontalCount * Tile(layer, blocks, shape, source, height, width);
        }
        return total * p[P.Batches];
    }

    private static long Tile(PackedConvLayer layer, TapBlocks blocks, int shape, int source, int rows, int columns)
    {
        int[] p = layer.Parameters;
        int positions = rows * columns;
        int groups = p[Conv2D.Groups];
        int channels = layer.OutputChannels / groups;
        long il = 0;
        for (int remaining = channels, triples; remaining > 0; remaining -= PackedWeights.Lanes * triples)
        {
            triples = PackedConv2D.BlockTriples(shape, remaining);
            int packed = Math.Min(triples, (remaining + PackedWeights.Lanes - 1) / PackedWeights.Lanes);
            il += GroupIl + ((long)blocks.Flushes * positions * triples * FlushIl);
            foreach ((int taps, _, int count) in blocks.Blocks)
            {
                il += (taps <= WeightStationary.RestTaps ? LoadSmallIl : LoadLargeIl) + (packed * (long)(PackIl * (count + 1)));
                il += rows * (12 + ((long)columns * (PositionIl + (7 * taps) + (4 * taps * triples) + (9 * triples))));
            }
        }
        il += Outputs(layer, blocks, channels, positions);
        bool whole = columns == p[P.OutputWidth];
        long copies = source switch
        {
            PackedConv2D.FromRows when p[P.KernelWidth] == 1 && whole => 3,
            PackedConv2D.FromRows => 3L * (((rows - 1) * p[P.StrideHeight]) + p[P.KernelHeight]),
            PackedConv2D.FromWindows => (long)positions * (2 + (p[P.KernelHeight] * (groups == 1 && p[P.DilationWidth] == 1 ? 1 : p[P.KernelWidth]))),
            _ => 0,
        };
        int filled = layer.IsRectified ? (whole ? 1 : rows) : 0;
        return TileIl + (filled * FillIl) + (groups * (il + (copies * CopyIl)));
    }

    private static long Outputs(PackedConvLayer layer, TapBlocks blocks, int channels, int positions)
    {
        const int PrepareIl = 110;
        int single = blocks.Flushes > 0 ? channels : channels % PackedWeights.Lanes;
        long il = channels * PrepareIl;
        il += (long)single * positions * (blocks.Flushes > 0 ? 46 : 39);
        return il + ((long)(channels - single) * positions * (layer.IsRectified ? 22 : 31));
    }

    /// <summary>Sizes of the parts of a length, and how many there are of each.</summary>
    private static IEnumerable<(int Size, int Count)> Parts(int length, int part)
    {
        if (length >= part)
            yield return (part, length / part);
        if (length % part != 0)
            yield return (length % part, 1);
    }
}
