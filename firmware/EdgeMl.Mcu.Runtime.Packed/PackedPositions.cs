using System;
using EdgeMl.Mcu.Runtime.Kernels;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Runtime.Packed;

/// <summary>
/// <see cref="Conv2D"/> with three output positions in a 64-bit word and the activations of nine positions in locals, while weights are read in place: for little
/// scratch, or few positions.
/// </summary>
/// <remarks>
/// Parameters and weights are those of <see cref="Conv2D"/>, with four more behind. It takes <see cref="ActivationStationary.Pool"/> lanes and three for each
/// output channel of a tile, twice as many where sums are flushed; and for windows that are not in one piece ten of them in the strip. The result is right under the
/// conditions of <see cref="PackedConv2D"/>.
/// </remarks>
public sealed class PackedPositions : Kernel
{
    /// <summary>Parameter: <see cref="PackedConv2D.FromArena"/> where windows are single positions of the input, one after another, or <see cref="PackedConv2D.FromWindows"/>.</summary>
    public const int Source = Conv2D.Count;

    /// <summary>Parameter: output channels of a group that are computed together.</summary>
    public const int TileChannels = Conv2D.Count + 1;

    /// <summary>Parameter: after how many blocks of taps sums are flushed; 0 for never.</summary>
    public const int FlushBlocks = Conv2D.Count + 2;

    /// <summary>Parameter: greatest right shift of any channel, 0 where none has one.</summary>
    public const int RightShift = Conv2D.Count + 3;

    /// <summary>Number of parameters.</summary>
    public const int Count = Conv2D.Count + 4;

    /// <summary>Positions that are computed together.</summary>
    public const int Positions = PackedWeights.Lanes * ActivationStationary.Words;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        Conv2D.ValidateLayer(layer, false);
        int flush = layer.Range(FlushBlocks, 0, P.MaxExtent);
        layer.Range(RightShift, 0, PackedOutput.MaxRightShift);
        if (layer.Failed)
            return;
        int groups = layer.Int(Conv2D.Groups);
        int outputChannels = layer.Int(P.OutputChannels);
        int tile = layer.Range(TileChannels, 1, outputChannels / groups);
        layer.Lanes(ActivationStationary.Pool + ((flush == 0 ? 1L : 2L) * ActivationStationary.Words * tile));
        int window = layer.Product(layer.Product(layer.Int(P.KernelHeight), layer.Int(P.KernelWidth)), layer.Int(P.InputChannels) / groups);
        // A block reads beyond a filter that is shorter than it; what follows is the next one, or the table.
        long read = ((long)(outputChannels - 1) * window) + (window < ActivationStationary.Taps ? ActivationStationary.Taps : window);
        layer.Check(read <= ChannelTable.Bytes(layer.Product(window, outputChannels), outputChannels));
        if (layer.Int(Source) == PackedConv2D.FromWindows)
            layer.Strip((Positions + 1L) * window);
        else
            layer.Check(layer.Int(Source) == PackedConv2D.FromArena && IsPointwise(layer));
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
#if NET
        if (Host.HostAcceleration.Enabled && Host.VectorConv2D.TryRun(frame))
            return;
#endif
        int batches = frame.Int(P.Batches);
        int groups = frame.Int(Conv2D.Groups);
        int positions = frame.Int(P.OutputHeight) * frame.Int(P.OutputWidth);
        for (int b = 0; b < batches; b++)
        {
            for (int first = 0; first < positions; first += Positions)
            {
                for (int g = 0; g < groups; g++)
                    RunGroup(frame, b, g, first, positions - first < Positions ? positions - first : Positions);
            }
        }
    }

    private static bool IsPointwise(LayerReader layer)
    {
        return layer.Int(Conv2D.Groups) == 1 && layer.Int(P.KernelHeight) == 1 && layer.Int(P.KernelWidth) == 1 && layer.Int(P.StrideHeight) == 1 && layer.Int(P.StrideWidth) == 1
            && layer.Int(P.PadTop) == 0 && layer.Int(P.PadLeft) == 0
            && layer.Int(P.OutputHeight) == layer.Int(P.InputHeight) && layer.Int(P.OutputWidth) == layer.Int(P.InputWidth);
    }

    /// <summary>All outputs of a group of channels at some positions.</summary>
    private static void RunGroup(Frame frame, int batch, int group, int first, int count)
    {
        int outputChannels = frame.Int(P.OutputChannels);
        int inputChannels = frame.Int(P.InputChannels);
        int groups = frame.Int(Conv2D.Groups);
        int channels = outputChannels / groups;
        int tile = frame.Int(TileChannels);
        int image = frame.Int(P.Input) + (batch * frame.Int(P.InputHeight) * frame.Int(P.InputWidth) * inputChannels) + (group * (inputChannels / groups));
        int window = frame.Int(P.KernelHeight) * frame.Int(P.KernelWidth) * (inputChannels / groups);
        int source = image + (first * window);
        if (frame.Int(Source) == PackedConv2D.FromWindows)
        {
            Gather(frame, image, first, count);
            source = frame.Strip + window;
        }
        int table = ChannelTable.Start(frame.WeightOffset, window * outputChannels);
        int position = (batch * frame.Int(P.OutputHeight) * frame.Int(P.OutputWidth)) + first;
        int output = frame.Int(P.Output) + (position * outputChannels);
        int channel = group * channels;
        for (int remaining = channels; remaining > 0; remaining -= tile)
        {
            if (tile > remaining)
                tile = remaining;
            int flushes = Accumulate(frame, source, window, count, frame.WeightOffset + (channel * window), tile);
            Requantize(frame, table, channel, tile, count, flushes, output);
            channel += tile;
        }
    }

    /// <summary>Sums of products for some channels at some positions. Returns how often sums were flushed.</summary>
    private static int Accumulate(Frame frame, int source, int window, int count, int filter, int channels)
    {
        long[] lanes = frame.Lanes;
        int words = ActivationStationary.Words * channels;
        int flushBlocks = frame.Int(FlushBlocks);
        int blocks = 0;
        int flushes = 0;
        Array.Clear(lanes, ActivationStationary.Pool, flushBlocks == 0 ? words : 2 * words);
        for (int done = 0; done < window; done += ActivationStationary.Taps)
        {
            int rest = window - done;
            int taps = rest < ActivationStationary.Taps ? rest : ActivationStationary.Taps;
            // The last block ends with the window and begins with activations of 0, unless the window is shorter than a block.
            int start = taps == ActivationStationary.Taps || window < ActivationStationary.Taps ? done : window - ActivationStationary.Taps;
            if (flushBlocks != 0 && blocks == flushBlocks)
            {
                PackedOutput.Flush(lanes, ActivationStationary.Pool, words);
                flushes++;
                blocks = 0;
            }
            Pack(frame.Arena, source + done, window, count, lanes, done - start, taps);
            ActivationStationary.Run(frame.Weights, lanes, filter + start, window, channels, ActivationStationary.Pool);
            blocks++;
        }
        return flushes;
    }

    /// <summary>Copies the windows of positions, which may lie in several rows.</summary>
    private static void Gather(Frame frame, int image, int first, int count)
    {
        int width = frame.Int(P.OutputWidth);
        int done = 0;
        while (done < count)
        {
            int oy = (first + done) / width;
            int ox = first + done - (oy * width);
            int columns = width - ox < count - done ? width - ox : count - done;
            int top = (oy * frame.Int(P.StrideHeight)) - frame.Int(P.PadTop);
            int left = (ox * frame.Int(P.StrideWidth)) - frame.Int(P.PadLeft);
            WindowSource.Gather(frame, image, top, left, 1, columns, done);
            done += columns;
        }
    }

    /// <summary>Packs activations of a block, three positions to a word; those beyond the last position are copies of it.</summary>
    private static void Pack(sbyte[] arena, int source, int step, int count, long[] lanes, int first, int taps)
    {
        if (taps != ActivationStationary.Taps)
            Array.Clear(lanes, 0, ActivationStationary.Pool);
        int last = source + ((count - 1) * step);
        int d = first;
        for (int word = 0; word < ActivationStationary.Words; word++)
        {
            int a = source < last ? source : last;
            int b = a + step < last ? a + step : last;
            int c = b + step < last ? b + step : last;
            int end = d + taps;
            while (d <= end - 4)
            {
                lanes[d] = arena[a] + ((long)arena[b] << PackedWeights.LaneBits) + ((long)arena[c] << (2 * PackedWeights.LaneBits));
                lanes[d + 1] = arena[a + 1] + ((long)arena[b + 1] << PackedWeights.LaneBits) + ((long)arena[c + 1] << (2 * PackedWeights.LaneBits));
                lanes[d + 2] = arena[a + 2] + ((long)arena[b + 2] << PackedWeights.LaneBits) + ((long)arena[c + 2] << (2 * PackedWeights.LaneBits));
                lanes[d + 3] = arena[a + 3] + ((long)arena[b + 3] << PackedWeights.LaneBits) + ((long)arena[c + 3] << (2 * PackedWeights.LaneBits));
                d += 4;
                a += 4;
                b += 4;
                c += 4;
            }
            while (d < end)
                lanes[d++] = arena[a++] + ((long)arena[b++] << PackedWeights.LaneBits) + ((long)arena[c++] << (2 * PackedWeights.LaneBits));
            d += ActivationStationary.Taps - taps;
            source += PackedWeights.Lanes * step;
        }
    }

    /// <summary>Outputs of a tile's channels, one after another.</summary>
    private static void Requantize(Frame frame, int table, int channel, int channels, int count, int flushes, int output)
    {
        int outputChannels = frame.Int(P.OutputChannels);
        int low = frame.Int(P.ActivationMin);
        int high = frame.Int(P.ActivationMax);
        int zeroPoint = frame.Int(Conv2D.OutputZeroPoint);
        int total = PackedOutput.MultiplierBits + frame.Int(RightShift);
        int upper = flushes == 0 ? 0 : ActivationStationary.Words * channels;
        int q = ActivationStationary.Pool;
        for (int end = channel + channels; channel < end; channel++)
        {
            PackedOutput.Prepare(frame, table, outputChannels, channel, 1, flushes + 1, zeroPoint, total);
            PackedOutput.Positions(frame, q, upper, count, output + channel, outputChannels, low, high, total);
            q += ActivationStationary.Words;
        }
    }
}
