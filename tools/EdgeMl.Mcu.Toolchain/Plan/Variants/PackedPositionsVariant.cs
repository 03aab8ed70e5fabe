using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Kernels;
using EdgeMl.Mcu.Runtime.Packed;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Toolchain.Plan.Variants;

/// <summary>Convolutions and pointwise layers with three positions in a word: <see cref="PackedPositions"/>.</summary>
internal sealed class PackedPositionsVariant : KernelVariant
{
    /// <inheritdoc/>
    public override IEnumerable<DeviceLayer> Candidates(DeviceLayer layer, int scratchBytes)
    {
        if (PackedConvLayer.Of(layer) is not { } convolution)
            yield break;
        int[] p = convolution.Parameters;
        int groups = p[Conv2D.Groups];
        int channels = convolution.OutputChannels;
        int window = convolution.FilterSize;
        // A filter shorter than a block is read together with what follows it, which the last one needs too.
        if (((channels - 1L) * window) + Math.Max(window, ActivationStationary.Taps) > layer.Weights.Length)
            yield break;
        TapBlocks blocks = TapBlocks.OfSize(convolution, ActivationStationary.Taps);
        bool pointwise = groups == 1 && p[P.KernelHeight] == 1 && p[P.KernelWidth] == 1 && p[P.StrideHeight] == 1 && p[P.StrideWidth] == 1
            && p[P.PadTop] == 0 && p[P.PadLeft] == 0 && p[P.OutputHeight] == p[P.InputHeight] && p[P.OutputWidth] == p[P.InputWidth];
        int sets = blocks.FlushBlocks == 0 ? 1 : 2;
        int strip = pointwise ? 0 : (PackedPositions.Positions + 1) * window;
        foreach (int tile in Enumerable.Range(1, channels / groups).Select(parts => ((channels / groups) + parts - 1) / parts).Distinct())
        {
            yield return layer with
            {
                Kernel = OpCode.PackedPositions,
                Parameters = [.. p, pointwise ? PackedConv2D.FromArena : PackedConv2D.FromWindows, tile, blocks.FlushBlocks, convolution.RightShift],
                Lanes = ActivationStationary.Pool + (sets * ActivationStationary.Words * tile),
                StripBytes = strip,
                PredictedIl = Cost(convolution, blocks, pointwise, tile),
            };
        }
    }

    /// <summary>Predicted IL, from the instructions that the loops compile to.</summary>
    private static long Cost(PackedConvLayer layer, TapBlocks blocks, bool pointwise, int tile)
    {
        const int ChannelIl = 360;
        const int LoadIl = 420;
        const int PackIl = 34;
        const int GatherIl = 40;
        const int FlushIl = 29;
        const int PrepareIl = 150;
        const int OutputIl = 46;
        int[] p = layer.Parameters;
        int groups = p[Conv2D.Groups];
        int channels = layer.OutputChannels / groups;
        int positions = p[P.OutputHeight] * p[P.OutputWidth];
        long il = 500;
        foreach ((_, _, int count) in blocks.Blocks)
            il += ((channels + tile - 1) / tile * (LoadIl + (ActivationStationary.Words * count * PackIl))) + ((long)channels * ChannelIl);
        il += ((long)blocks.Flushes * ActivationStationary.Words * channels * FlushIl) + ((long)channels * PrepareIl);
        if (!pointwise)
            il += PackedPositions.Positions * (2 + (p[P.KernelHeight] * (groups == 1 && p[P.DilationWidth] == 1 ? 1L : p[P.KernelWidth]))) * GatherIl;
        long tiles = (positions + PackedPositions.Positions - 1) / PackedPositions.Positions;
        return p[P.Batches] * groups * ((tiles * il) + ((long)channels * positions * OutputIl));
    }
}
