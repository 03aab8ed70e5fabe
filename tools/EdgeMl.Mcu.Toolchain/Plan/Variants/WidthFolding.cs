using System.Buffers.Binary;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Kernels;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Toolchain.Plan.Variants;

/// <summary>
/// A convolution over a narrow image as one over an image of one column: a row's columns become channels, each output column has filters of its own, with
/// weights 0 where a tap lies outside its window. Windows are then whole rows, in one piece, and there is no padding beside them.
/// </summary>
internal static class WidthFolding
{
    private const int GrowthBytes = 1024;

    /// <summary>The folded layer, with the same activations in the same order; null where it is no narrow convolution or its weights would grow by over 1 KB.</summary>
    public static DeviceLayer? Fold(DeviceLayer layer)
    {
        int[] p = layer.Parameters;
        if (layer.Kernel != OpCode.Conv2D || p[P.InputWidth] == 1 || p[Conv2D.Groups] != 1)
            return null;
        long channels = (long)p[P.OutputWidth] * p[P.OutputChannels];
        long row = (long)p[P.InputWidth] * p[P.InputChannels];
        if (row * p[P.KernelHeight] * channels > layer.Weights.Length + GrowthBytes || Math.Max(row, channels) > P.MaxExtent)
            return null;
        byte[] weights = Weights(layer, (int)channels, (int)row);
        if (weights.Length > layer.Weights.Length + GrowthBytes)
            return null;
        int[] folded = [.. p];
        folded[P.InputWidth] = folded[P.OutputWidth] = folded[P.KernelWidth] = folded[P.StrideWidth] = folded[P.DilationWidth] = 1;
        folded[P.PadLeft] = 0;
        folded[P.InputChannels] = (int)row;
        folded[P.OutputChannels] = (int)channels;
        return layer with { Parameters = folded, Weights = weights };
    }

    private static byte[] Weights(DeviceLayer layer, int channels, int row)
    {
        int[] p = layer.Parameters;
        int outputs = p[P.OutputChannels];
        int taps = p[P.KernelWidth] * p[P.InputChannels];
        int filter = p[P.KernelHeight] * taps;
        int foldedFilter = p[P.KernelHeight] * row;
        ReadOnlySpan<byte> table = layer.Weights.AsSpan(ChannelTable.Start(0, filter * outputs));
        byte[] bytes = new byte[ChannelTable.Bytes(foldedFilter * channels, channels)];
        Span<byte> foldedTable = bytes.AsSpan(ChannelTable.Start(0, foldedFilter * channels));
        for (int channel = 0; channel < channels; channel++)
        {
            int output = channel % outputs;
            int left = ((channel / outputs) * p[P.StrideWidth]) - p[P.PadLeft];
            int missing = 0;
            for (int ky = 0; ky < p[P.KernelHeight]; ky++)
            {
                for (int tap = 0; tap < taps; tap++)
                {
                    byte weight = layer.Weights[(output * filter) + (ky * taps) + tap];
                    int x = left + (tap / p[P.InputChannels] * p[P.DilationWidth]);
                    if (x < 0 || x >= p[P.InputWidth])
                        missing += (sbyte)weight;
                    else
                        bytes[(channel * foldedFilter) + (ky * row) + (x * p[P.InputChannels]) + (tap % p[P.InputChannels])] = weight;
                }
            }
            int bias = BinaryPrimitives.ReadInt32LittleEndian(table[(4 * output)..]);
            BinaryPrimitives.WriteInt32LittleEndian(foldedTable[(4 * channel)..], unchecked(bias + (p[Conv2D.InputZeroPoint] * missing)));
            table.Slice(4 * (outputs + output), 4).CopyTo(foldedTable[(4 * (channels + channel))..]);
            foldedTable[(8 * channels) + channel] = table[(8 * outputs) + output];
        }
        return bytes;
    }
}
