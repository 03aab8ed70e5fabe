using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Kernels;
using EdgeMl.Mcu.Runtime.Packed;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Toolchain.Plan.Variants;

/// <summary>Convolutions and pointwise layers with three output channels in a word: <see cref="PackedConv2D"/>.</summary>
internal sealed class PackedConvVariant : KernelVariant
{
    private static readonly int[] Shapes = [0, 1];

    /// <inheritdoc/>
    public override IEnumerable<DeviceLayer> Candidates(DeviceLayer layer, int scratchBytes)
    {
        DeviceLayer?[] forms = [layer, WidthFolding.Fold(layer)];
        return from form in forms
               where form is not null
               let convolution = PackedConvLayer.OfAnyBits(form)
               where convolution is not null
               from shape in Shapes
               from source in Sources(convolution.Parameters)
               from candidate in Candidates(convolution, shape, source, scratchBytes)
               select candidate;
    }

    private static IEnumerable<DeviceLayer> Candidates(PackedConvLayer convolution, int shape, int source, int scratchBytes)
    {
        int[] p = convolution.Parameters;
        var blocks = new Dictionary<int, TapBlocks>();
        foreach ((int rows, int columns) in Tiles(p[P.OutputHeight], p[P.OutputWidth]))
        {
            int runLength = RunLength(p, source, columns);
            if (!blocks.TryGetValue(runLength, out TapBlocks? taps))
                blocks[runLength] = taps = TapBlocks.Of(convolution, shape, runLength);
            long words = (long)rows * columns * PackedConv2D.BlockTriples(shape, p[P.OutputChannels] / p[Conv2D.Groups]) * (taps.FlushBlocks == 0 ? 1 : 2);
            long strip = StripBytes(p, source, rows, columns) + PackedConv2D.Slack(shape, runLength);
            if ((8 * (WeightStationary.Pool + words)) + strip > scratchBytes)
                continue;
            yield return convolution.Layer with
            {
                Kernel = convolution.HasFourBits ? OpCode.PackedConv2DInt4 : OpCode.PackedConv2D,
                Parameters = [.. p, shape, source, rows, columns, taps.FlushBlocks, convolution.RightShift],
                Lanes = WeightStationary.Pool + (int)words,
                StripBytes = (int)strip,
                PredictedIl = PackedConvCost.Of(convolution, taps, shape, source, rows, columns),
            };
        }
    }

    /// <summary>Bytes of a window that lie in one piece.</summary>
    private static int RunLength(int[] p, int source, int columns)
    {
        int row = p[P.KernelWidth] * (p[P.InputChannels] / p[Conv2D.Groups]);
        if (source == PackedConv2D.FromWindows)
            return p[P.KernelHeight] * row;
        long pitch = p[P.InputChannels] * (source == PackedConv2D.FromRows ? Reach(columns, p[P.StrideWidth], p[P.KernelWidth], p[P.DilationWidth]) : p[P.InputWidth]);
        return pitch <= int.MaxValue && PackedConv2D.IsOneRun((int)pitch, p[P.DilationHeight], row) ? p[P.KernelHeight] * row : row;
    }

    private static IEnumerable<int> Sources(int[] p)
    {
        bool contiguous = p[Conv2D.Groups] == 1 && (p[P.DilationWidth] == 1 || p[P.KernelWidth] == 1);
        if (contiguous)
        {
            bool inside = p[P.PadTop] == 0 && p[P.PadLeft] == 0
                && Reach(p[P.OutputHeight], p[P.StrideHeight], p[P.KernelHeight], p[P.DilationHeight]) <= p[P.InputHeight]
                && Reach(p[P.OutputWidth], p[P.StrideWidth], p[P.KernelWidth], p[P.DilationWidth]) <= p[P.InputWidth];
            yield return inside ? PackedConv2D.FromArena : PackedConv2D.FromRows;
        }
        if (p[P.KernelHeight] > 1 || !contiguous)
            yield return PackedConv2D.FromWindows;
    }

    /// <summary>Tiles of whole rows, then of parts of one row: for every number of tiles the smallest one.</summary>
    private static IEnumerable<(int Rows, int Columns)> Tiles(int height, int width)
    {
        IEnumerable<int> Parts(int size) => Enumerable.Range(1, size).Select(parts => (size + parts - 1) / parts).Distinct();
        return Parts(height).Select(rows => (rows, width)).Concat(Parts(width).Skip(1).Select(columns => (1, columns)));
    }

    private static long StripBytes(int[] p, int source, int rows, int columns)
    {
        int channels = p[P.InputChannels] / p[Conv2D.Groups];
        return source switch
        {
            PackedConv2D.FromRows => Reach(rows, p[P.StrideHeight], p[P.KernelHeight], p[P.DilationHeight])
                * Reach(columns, p[P.StrideWidth], p[P.KernelWidth], p[P.DilationWidth]) * channels,
            PackedConv2D.FromWindows => (((long)rows * columns) + 1) * p[P.KernelHeight] * p[P.KernelWidth] * channels,
            _ => 0,
        };
    }

    private static long Reach(int windows, int stride, int kernel, int dilation) => ((windows - 1L) * stride) + ((kernel - 1L) * dilation) + 1;
}
