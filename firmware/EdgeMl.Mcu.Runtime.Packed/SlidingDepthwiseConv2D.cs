using System;
using EdgeMl.Mcu.Runtime.Kernels;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Runtime.Packed;

/// <summary>
/// <see cref="DepthwiseConv2D"/> with the same parameters, weights and bits. Three taps of a line of the window are packed in one
/// <c>long</c>, and the sums of three neighbouring outputs in another, which slides along the line: an input is multiplied once for three of them.
/// </summary>
/// <remarks>
/// The axis along which it slides has dilation 1. A lane's sum is <c>128 Σ|w| + Σ w x</c>. The strip holds a <see cref="TableRescale"/> table. With 256 Σ|w| &lt; 2^LaneBits for
/// every channel the result is exact; without, it is wrong but stays in bounds.
/// </remarks>
public sealed class SlidingDepthwiseConv2D : Kernel
{
    /// <summary>Parameter: the axis along which the window slides, 0 for the width and 1 for the height.</summary>
    public const int Axis = DepthwiseConv2D.Count;

    /// <summary>Parameter: bits of a lane's sum, 1 to 21.</summary>
    public const int LaneBits = Axis + 1;

    /// <summary>Parameter: value of the table's first entry, without the zero point.</summary>
    public const int TableFirst = Axis + 2;

    /// <summary>Parameter: number of the table's entries.</summary>
    public const int TableEntries = Axis + 3;

    /// <summary>Number of parameters.</summary>
    public const int Count = Axis + 4;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <summary>Groups of taps that a window is cut into, for parameters that the whole layer gives; at most <see cref="GroupsMax"/> can be computed.</summary>
    /// <param name="lines">Taps across the sliding axis.</param>
    /// <param name="taps">Taps along it.</param>
    /// <param name="stride">Stride along it.</param>
    public static long Groups(int lines, int taps, int stride)
    {
        return SlidingGroups.Count(lines, taps, stride);
    }

    /// <summary>Most groups of taps.</summary>
    public static int GroupsMax => SlidingGroups.Max;

    /// <summary>64-bit words that the kernel needs.</summary>
    public static int LaneCount => SlidingGroups.LaneCount;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        P.Validate(layer);
        layer.Range(DepthwiseConv2D.InputZeroPoint, -128, 127);
        layer.Range(DepthwiseConv2D.OutputZeroPoint, -128, 127);
        int channels = layer.Dimension(P.OutputChannels);
        layer.Check(channels % layer.Dimension(P.InputChannels) == 0);
        int axis = layer.Range(Axis, 0, 1);
        int kernelHeight = layer.Range(P.KernelHeight, 1, P.MaxExtent);
        int kernelWidth = layer.Range(P.KernelWidth, 1, P.MaxExtent);
        int stride = layer.Range(P.StrideWidth - axis, 1, P.MaxExtent);
        layer.Range(P.DilationWidth - axis, 1, 1);
        layer.Check(SlidingGroups.Count(axis == 0 ? kernelHeight : kernelWidth, axis == 0 ? kernelWidth : kernelHeight, stride) <= SlidingGroups.Max);
        int sumMax = (1 << layer.Range(LaneBits, 1, PackedWeights.LaneBits)) - 1;
        int first = layer.Range(TableFirst, -TableRescale.EntriesMax, TableRescale.EntriesMax);
        int entries = layer.Range(TableEntries, 1, TableRescale.EntriesMax);
        layer.Lanes(SlidingGroups.LaneCount);
        layer.Strip(entries);
        int taps = kernelHeight * kernelWidth;
        ChannelTable.Validate(layer, layer.Product(taps, channels), channels);
        int table = ChannelTable.Start(0, layer.Product(taps, channels));
        for (int c = 0; c < channels && !layer.Failed; c++)
        {
            int sum = 0;
            for (int tap = 0; tap < taps; tap++)
            {
                int weight = layer.WeightByte((c * taps) + tap);
                sum += weight < 0 ? -weight : weight;
            }
            long bias = (long)layer.WeightInt(table + (c << 2)) - (sum * PackedWeights.ActivationBound);
            TableRescale.Validate(layer, bias, layer.WeightInt(table + ((channels + c) << 2)), layer.WeightByte(table + (channels << 3) + c), sumMax, first, entries);
        }
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
#if NET
        if (Host.HostAcceleration.Enabled && Host.VectorDepthwiseConv2D.TryRun(frame))
            return;
#endif
        int axis = frame.Int(Axis);
        int channels = frame.Int(P.OutputChannels);
        int lines = frame.Int(P.KernelHeight + axis);
        int taps = frame.Int(P.KernelWidth - axis);
        int stride = frame.Int(P.StrideWidth - axis);
        int lineStep = axis == 0 ? taps : 1;
        int tapStep = axis == 0 ? 1 : lines;
        int zeroPoint = frame.Int(DepthwiseConv2D.OutputZeroPoint);
        int low = frame.Int(P.ActivationMin);
        int first = frame.Int(TableFirst);
        byte[] weights = frame.Weights;
        int filter = frame.WeightOffset;
        int table = ChannelTable.Start(filter, lines * taps * channels);
        TableRescale.FillTable(frame, first, frame.Int(TableEntries), zeroPoint, low, frame.Int(P.ActivationMax));
        for (int c = 0; c < channels; c++)
        {
            int laneBias = SlidingGroups.Pack(frame.Lanes, weights, filter, lines, lineStep, taps, tapStep, stride) * PackedWeights.ActivationBound;
            int bias = BitConverter.ToInt32(weights, table);
            int multiplier = BitConverter.ToInt32(weights, table + (channels << 2));
            int shift = (sbyte)weights[table - (c << 2) + (channels << 3) + c];
            long factor = TableRescale.Factor(multiplier, shift);
            long offset = (((long)bias - laneBias) * factor) + TableRescale.Rounding(shift) + ((long)(frame.Strip - first) << TableRescale.Shift);
            long zero = low < zeroPoint ? (long)laneBias - bias : 0;
            RunChannel(frame, axis, c, laneBias, factor, offset, offset - TableRescale.NegativeCorrection(shift), zero);
            filter += lines * taps;
            table += 4;
        }
    }

    /// <summary>All lines of outputs of one channel, whose weights are packed. Sums under <paramref name="zero"/> round as negative ones.</summary>
    private static void RunChannel(Frame frame, int axis, int channel, int laneBias, long factor, long offset, long negativeOffset, long zero)
    {
        long[] lanes = frame.Lanes;
        int channels = frame.Int(P.OutputChannels);
        int inputChannels = frame.Int(P.InputChannels);
        int lines = frame.Int(P.KernelHeight + axis);
        int taps = frame.Int(P.KernelWidth - axis);
        int stride = frame.Int(P.StrideWidth - axis);
        int lineStride = frame.Int(P.StrideHeight + axis);
        int dilation = frame.Int(P.DilationHeight + axis);
        int pad = frame.Int(P.PadLeft - axis);
        int size = frame.Int(P.InputWidth - axis);
        int lineCount = frame.Int(P.InputHeight + axis);
        int outputSize = frame.Int(P.OutputWidth - axis);
        int outputLines = frame.Int(P.OutputHeight + axis);
        int step = axis == 0 ? inputChannels : lineCount * inputChannels;
        int lineStep = axis == 0 ? size * inputChannels : inputChannels;
        int outputStep = axis == 0 ? channels : outputLines * channels;
        int outputLineStep = axis == 0 ? outputSize * channels : channels;
        int groups = (int)SlidingGroups.Count(lines, taps, stride);
        int padded = SlidingSteps.Padded(groups);
        int used = SlidingGroups.LanesUsed(taps, stride);
        int steps = outputSize + used - 1;
        // Steps in which the inputs of all groups lie in the line.
        int inner = (pad + stride - 1) / stride;
        int lastTap = SlidingGroups.LastFirstTap(taps, stride);
        int last = size - 1 - lastTap + pad;
        int innerEnd = last < 0 ? 0 : (last / stride) + 1;
        if (innerEnd > steps)
            innerEnd = steps;
        int zeroPoint = frame.Int(DepthwiseConv2D.InputZeroPoint);
        long mask = (1L << frame.Int(LaneBits)) - 1;
        long open = (long)laneBias << (PackedWeights.LaneBits * (used - 1));
        long outside = open + (SlidingGroups.Sum(lanes, groups) * zeroPoint);
        int image = frame.Int(P.Input) + (channel * inputChannels / channels);
        int output = frame.Int(P.Output) + channel;
        int batches = frame.Int(P.Batches);
        for (int b = 0; b < batches; b++)
        {
            long missing = 0;
            bool placed = false;
            int origin = -frame.Int(P.PadTop + axis);
            for (int line = 0; line < outputLines; line++)
            {
                bool whole = origin >= 0 && origin + ((lines - 1) * dilation) < lineCount;
                if (!whole || !placed)
                    missing = SlidingGroups.Place(lanes, groups, padded, lines, origin, dilation, lineCount, lineStep, step);
                placed = whole;
                int row = image + (origin * lineStep);
                int y = output + (line * outputLineStep);
                long bias = open + (missing * zeroPoint);
                long acc = used == 1 ? 0 : used == 2 ? (long)laneBias << PackedWeights.LaneBits : ((long)laneBias << PackedWeights.LaneBits) + ((long)laneBias << (2 * PackedWeights.LaneBits));
                for (int t = 0; t < steps; t++)
                {
                    if (t >= inner && t < innerEnd)
                    {
                        int warm = used - 1 - t;
                        if (warm < 0)
                            warm = 0;
                        if (warm > innerEnd - t)
                            warm = innerEnd - t;
                        int count = innerEnd - t - warm;
                        acc = SlidingSteps.Run(
                            frame.Arena, lanes, padded, acc, bias, row + (((t * stride) - pad) * step), step * stride, warm, count, y, outputStep, mask, factor, offset, negativeOffset, zero);
                        y += count * outputStep;
                        t = innerEnd;
                        if (t == steps)
                            break;
                    }
                    int column = (t * stride) - pad;
                    if (column + lastTap < 0 || column >= size)
                        acc = (acc >> PackedWeights.LaneBits) + outside;
                    else
                        acc = bias + EdgeStep(frame, groups, acc >> PackedWeights.LaneBits, column, row, size, step, zeroPoint);
                    if (t >= used - 1)
                    {
                        long sum = acc & mask;
                        frame.Arena[y] = frame.Arena[(int)(((sum * factor) + (sum < zero ? negativeOffset : offset)) >> TableRescale.Shift)];
                        y += outputStep;
                    }
                }
                origin += lineStride;
            }
            image += size * lineCount * inputChannels;
            output += outputSize * outputLines * channels;
        }
    }

    /// <summary>One step in which some inputs lie in padding.</summary>
    private static long EdgeStep(Frame frame, int groups, long acc, int column, int row, int size, int step, int zeroPoint)
    {
        long[] lanes = frame.Lanes;
        for (int group = 0; group < groups; group++)
        {
            int position = column + (int)lanes[SlidingGroups.FirstTaps + group];
            int x = zeroPoint;
            if (position >= 0 && position < size)
                x = frame.Arena[row + (int)lanes[SlidingGroups.Distances + group] + (column * step)];
            acc += x * lanes[SlidingGroups.LiveWeights + group];
        }
        return acc;
    }
}
