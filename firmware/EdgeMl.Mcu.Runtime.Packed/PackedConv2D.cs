using System;
using EdgeMl.Mcu.Runtime.Kernels;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Runtime.Packed;

/// <summary>
/// <see cref="Conv2D"/> with three output channels in a 64-bit word and weights that stay in locals over a tile of positions. Also pointwise layers, as one row
/// of positions.
/// </summary>
/// <remarks>
/// Parameters and weights are those of <see cref="Conv2D"/>, with more parameters behind. For a tile of output positions and as many output channels as a shape
/// holds, every block of taps is packed into the lanes' first words and multiplied with all positions of the tile; then the sums become outputs. A tile
/// takes <see cref="WeightStationary.Pool"/> lanes and one for each position and group of three channels, twice as many where sums are flushed. The result
/// is right only where every multiplier is 2^30 or more, no right shift is over <see cref="RightShift"/>, the activation range holds the output's
/// zero point, and sums between flushes stay within <see cref="PackedWeights.SumLimit"/>, which the toolchain checks.
/// </remarks>
public sealed class PackedConv2D : Kernel
{
    /// <summary>Parameter: 0 for blocks of many taps, 1 for blocks of many output channels.</summary>
    public const int Shape = Conv2D.Count;

    /// <summary>Parameter: where windows are read: <see cref="FromArena"/>, <see cref="FromRows"/> or <see cref="FromWindows"/>.</summary>
    public const int Source = Conv2D.Count + 1;

    /// <summary>Parameter: rows of a tile of output positions.</summary>
    public const int TileRows = Conv2D.Count + 2;

    /// <summary>Parameter: columns of a tile of output positions.</summary>
    public const int TileColumns = Conv2D.Count + 3;

    /// <summary>Parameter: after how many blocks of taps sums are flushed; 0 for never.</summary>
    public const int FlushBlocks = Conv2D.Count + 4;

    /// <summary>Parameter: greatest right shift of any channel, 0 where none has one.</summary>
    public const int RightShift = Conv2D.Count + 5;

    /// <summary>Number of parameters.</summary>
    public const int Count = Conv2D.Count + 6;

    /// <summary>Source: in place; no window reaches into padding, and a window's rows are in one piece.</summary>
    public const int FromArena = 0;

    /// <summary>Source: rows in the strip with padding around them; a window's rows are in one piece.</summary>
    public const int FromRows = 1;

    /// <summary>Source: every window in one piece in the strip.</summary>
    public const int FromWindows = 2;

    private readonly bool _fourBits;

    /// <summary>Creates the kernel of <see cref="Conv2D"/>, or with 4-bit weights that of <see cref="Conv2DInt4"/>.</summary>
    public PackedConv2D(bool fourBits)
    {
        _fourBits = fourBits;
    }

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <summary>Taps of a full block.</summary>
    public static int BlockTaps(int shape)
    {
        return shape == 0 ? WeightStationary.DeepTaps : WeightStationary.WideTaps;
    }

    /// <summary>Groups of three output channels that are computed together where some channels are left.</summary>
    public static int BlockTriples(int shape, int channels)
    {
        return WeightStationary.TriplesFor(channels, shape == 0 ? WeightStationary.DeepTriples : WeightStationary.WideTriples);
    }

    /// <summary>Taps of the next block where a run of bytes has some left: a full block, or a smaller one for a small rest.</summary>
    public static int NextTaps(int shape, int remaining)
    {
        int taps = BlockTaps(shape);
        if (remaining > taps - WeightStationary.LeastTaps)
            return taps;
        return remaining > WeightStationary.LeastTaps ? WeightStationary.RestTaps : WeightStationary.LeastTaps;
    }

    /// <summary>Bytes that the first block reads behind a run that is shorter than it.</summary>
    public static int Slack(int shape, int runLength)
    {
        int taps = NextTaps(shape, runLength);
        return taps > runLength ? taps - runLength : 0;
    }

    /// <summary>Whether a window's rows follow each other without a gap, so that all of it is one run of bytes.</summary>
    /// <param name="pitch">Bytes from one row of the source to the next.</param>
    /// <param name="dilationHeight">Rows from one tap to the next.</param>
    /// <param name="filterRow">Bytes of a window's row.</param>
    public static bool IsOneRun(int pitch, int dilationHeight, int filterRow)
    {
        return dilationHeight == 1 && pitch == filterRow;
    }

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        Conv2D.ValidateLayer(layer, _fourBits);
        int shape = layer.Range(Shape, 0, 1);
        int source = layer.Range(Source, FromArena, FromWindows);
        int rows = layer.Range(TileRows, 1, layer.Dimension(P.OutputHeight));
        int columns = layer.Range(TileColumns, 1, layer.Dimension(P.OutputWidth));
        int flush = layer.Range(FlushBlocks, 0, P.MaxExtent);
        layer.Range(RightShift, 0, PackedOutput.MaxRightShift);
        if (layer.Failed)
            return;
        int groups = layer.Int(Conv2D.Groups);
        int triples = BlockTriples(shape, layer.Int(P.OutputChannels) / groups);
        layer.Lanes(WeightStationary.Pool + ((flush == 0 ? 1L : 2L) * layer.Product(layer.Product(rows, columns), triples)));
        int kernelWidth = layer.Int(P.KernelWidth);
        int runLength = layer.Product(kernelWidth, layer.Int(P.InputChannels) / groups);
        if (source == FromWindows)
        {
            runLength = layer.Product(runLength, layer.Int(P.KernelHeight));
            layer.Strip((((long)layer.Product(rows, columns) + 1) * runLength) + Slack(shape, runLength));
            return;
        }
        layer.Check(groups == 1 && (layer.Int(P.DilationWidth) == 1 || kernelWidth == 1));
        long stripRows = Reach(layer, rows, P.StrideHeight, P.KernelHeight, P.DilationHeight);
        long stripColumns = Reach(layer, columns, P.StrideWidth, P.KernelWidth, P.DilationWidth);
        if (layer.Failed)
            return;
        int pitch = layer.Product(source == FromRows ? (int)stripColumns : layer.Int(P.InputWidth), layer.Int(P.InputChannels));
        if (IsOneRun(pitch, layer.Int(P.DilationHeight), runLength))
            runLength = layer.Product(runLength, layer.Int(P.KernelHeight));
        if (source == FromRows)
        {
            layer.Strip((long)layer.Product((int)stripRows, pitch) + Slack(shape, runLength));
            return;
        }
        layer.Strip(Slack(shape, runLength));
        layer.Check(layer.Int(P.PadTop) == 0 && layer.Int(P.PadLeft) == 0
            && Reach(layer, layer.Int(P.OutputHeight), P.StrideHeight, P.KernelHeight, P.DilationHeight) <= layer.Int(P.InputHeight)
            && Reach(layer, layer.Int(P.OutputWidth), P.StrideWidth, P.KernelWidth, P.DilationWidth) <= layer.Int(P.InputWidth));
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
#if NET
        if (Host.HostAcceleration.Enabled && (_fourBits ? Host.VectorInt4.TryRunConv2D(frame) : Host.VectorConv2D.TryRun(frame)))
            return;
#endif
        int outputHeight = frame.Int(P.OutputHeight);
        int outputWidth = frame.Int(P.OutputWidth);
        int tileRows = frame.Int(TileRows);
        int tileColumns = frame.Int(TileColumns);
        int batches = frame.Int(P.Batches);
        for (int b = 0; b < batches; b++)
        {
            for (int y = 0; y < outputHeight; y += tileRows)
            {
                for (int x = 0; x < outputWidth; x += tileColumns)
                    RunTile(frame, _fourBits, b, y, x, tileRows < outputHeight - y ? tileRows : outputHeight - y, tileColumns < outputWidth - x ? tileColumns : outputWidth - x);
            }
        }
    }

    /// <summary>Rows or columns of the input from the first tap of the first window to the last tap of the last one. Fails where that is over the limit of sizes.</summary>
    private static long Reach(LayerReader layer, int windows, int stride, int kernel, int dilation)
    {
        long reach = ((long)(windows - 1) * layer.Int(stride)) + ((long)(layer.Int(kernel) - 1) * layer.Int(dilation)) + 1;
        layer.Check(reach <= P.MaxExtent);
        return reach;
    }

    /// <summary>All outputs of a tile.</summary>
    private static void RunTile(Frame frame, bool fourBits, int batch, int oy, int ox, int rows, int columns)
    {
        int inputWidth = frame.Int(P.InputWidth);
        int inputChannels = frame.Int(P.InputChannels);
        int outputChannels = frame.Int(P.OutputChannels);
        int kernelHeight = frame.Int(P.KernelHeight);
        int kernelWidth = frame.Int(P.KernelWidth);
        int strideHeight = frame.Int(P.StrideHeight);
        int strideWidth = frame.Int(P.StrideWidth);
        int dilationHeight = frame.Int(P.DilationHeight);
        int low = frame.Int(P.ActivationMin);
        int source = frame.Int(Source);
        int groups = frame.Int(Conv2D.Groups);
        int image = frame.Int(P.Input) + (batch * frame.Int(P.InputHeight) * inputWidth * inputChannels);
        int top = (oy * strideHeight) - frame.Int(P.PadTop);
        int left = (ox * strideWidth) - frame.Int(P.PadLeft);
        int outputRow = frame.Int(P.OutputWidth) * outputChannels;
        int output = frame.Int(P.Output) + (((batch * frame.Int(P.OutputHeight)) + oy) * outputRow) + (ox * outputChannels);
        if (low >= frame.Int(Conv2D.OutputZeroPoint))
        {
            bool whole = columns * outputChannels == outputRow;
            for (int row = 0; row < rows; row += whole ? rows : 1)
                WindowSource.Fill(frame.Arena, output + (row * outputRow), (whole ? rows : 1) * columns * outputChannels, low);
        }
        int filterRow = kernelWidth * (inputChannels / groups);
        for (int g = 0; g < groups; g++)
        {
            if (source == FromWindows)
            {
                int window = kernelHeight * filterRow;
                WindowSource.Gather(frame, image + (g * (inputChannels / groups)), top, left, rows, columns, 0);
                RunGroup(frame, fourBits, g, frame.Strip + window, window, rows * columns, 1, 0, 1, window, 0, output, rows, columns);
                continue;
            }
            int pitch = inputWidth * inputChannels;
            int start = image + (top * pitch) + (left * inputChannels);
            if (source == FromRows)
            {
                int stripColumns = ((frame.Int(TileColumns) - 1) * strideWidth) + ((kernelWidth - 1) * frame.Int(P.DilationWidth)) + 1;
                WindowSource.CopyRows(frame, image, top, left, ((rows - 1) * strideHeight) + ((kernelHeight - 1) * dilationHeight) + 1, stripColumns);
                start = frame.Strip;
                pitch = stripColumns * inputChannels;
            }
            bool oneRun = IsOneRun(pitch, dilationHeight, filterRow);
            int runs = oneRun ? 1 : kernelHeight;
            int runLength = oneRun ? kernelHeight * filterRow : filterRow;
            if (columns == 1)
                RunGroup(frame, fourBits, 0, start, strideHeight * pitch, rows, 1, 0, runs, runLength, dilationHeight * pitch, output, rows, 1);
            else
                RunGroup(frame, fourBits, 0, start, strideWidth * inputChannels, columns, rows, strideHeight * pitch, runs, runLength, dilationHeight * pitch, output, rows, columns);
        }
    }

    /// <summary>The outputs of one group of channels for a tile whose windows are <paramref name="runs"/> runs of bytes each.</summary>
    private static void RunGroup(
        Frame frame, bool fourBits, int group, int source, int step, int sourceColumns, int sourceRows, int rowStep, int runs, int runLength, int runPitch, int output, int rows, int columns)
    {
        int shape = frame.Int(Shape);
        int outputChannels = frame.Int(P.OutputChannels);
        int channels = outputChannels / frame.Int(Conv2D.Groups);
        int pitch = fourBits ? FourBitRows.Bytes(runs * runLength) : runs * runLength;
        int table = ChannelTable.Start(frame.WeightOffset, pitch * outputChannels);
        int channel = group * channels;
        int remaining = channels;
        while (remaining > 0)
        {
            int triples = BlockTriples(shape, remaining);
            int words = rows * columns * triples;
            int flushes = Accumulate(
                frame, fourBits, shape, triples, remaining, frame.WeightOffset + (channel * pitch), pitch, words, source, step, sourceColumns, sourceRows, rowStep, runs, runLength, runPitch);
            for (int j = 0; j < triples && remaining > 0; j++)
            {
                Requantize(frame, table, channel, remaining, WeightStationary.Pool + j, triples, words, flushes, output + channel, rows, columns);
                channel += PackedWeights.Lanes;
                remaining -= PackedWeights.Lanes;
            }
        }
    }

    /// <summary>Sums of products for as many channels as a block holds. Returns how often sums were flushed.</summary>
    private static int Accumulate(
        Frame frame, bool fourBits, int shape, int triples, int channels, int filter, int pitch, int words, int source, int step, int columns, int rows, int rowStep, int runs, int runLength, int runPitch)
    {
        long[] lanes = frame.Lanes;
        int flushBlocks = frame.Int(FlushBlocks);
        int blocks = 0;
        int flushes = 0;
        int tap = 0;
        Array.Clear(lanes, WeightStationary.Pool, flushBlocks == 0 ? words : 2 * words);
        for (; runs > 0; runs--)
        {
            int done = 0;
            while (done < runLength)
            {
                int taps = NextTaps(shape, runLength - done);
                int count = taps < runLength - done ? taps : runLength - done;
                // The last block of a run ends with it and begins with taps of weight 0, unless the run is shorter than a block.
                int start = count == taps ? done : runLength < taps ? 0 : runLength - taps;
                if (flushBlocks != 0 && blocks == flushBlocks)
                {
                    PackedOutput.Flush(lanes, WeightStationary.Pool, words);
                    flushes++;
                    blocks = 0;
                }
                if (fourBits)
                    PackedWeights.PackInt4(frame.Weights, filter, pitch, tap + done, channels, lanes, taps, triples, done - start, count);
                else
                    PackedWeights.Pack(frame.Weights, filter + tap + done, pitch, channels, lanes, taps, triples, done - start, count);
                WeightStationary.Run(frame.Arena, lanes, taps, triples, source + start, step, columns, rows, rowStep, WeightStationary.Pool);
                blocks++;
                done += count;
            }
            tap += runLength;
            source += runPitch;
        }
        return flushes;
    }

    /// <summary>Outputs of up to three channels.</summary>
    private static void Requantize(Frame frame, int table, int channel, int remaining, int q, int triples, int words, int flushes, int y, int rows, int columns)
    {
        int channels = frame.Int(P.OutputChannels);
        int rowStep = frame.Int(P.OutputWidth) * channels;
        if (columns * channels == rowStep)
        {
            columns *= rows;
            rows = 1;
        }
        int low = frame.Int(P.ActivationMin);
        int high = frame.Int(P.ActivationMax);
        int zeroPoint = frame.Int(Conv2D.OutputZeroPoint);
        int total = PackedOutput.MultiplierBits + frame.Int(RightShift);
        if (flushes == 0 && remaining >= PackedWeights.Lanes)
        {
            PackedOutput.Prepare(frame, table, channels, channel, PackedWeights.Lanes, 1, zeroPoint, total);
            if (low >= zeroPoint)
                PackedOutput.Rectified(frame, q, triples, y, channels, columns, rows, rowStep, high, total);
            else
                PackedOutput.Clamped(frame, q, triples, y, channels, columns, rows, rowStep, low, high, total);
            return;
        }
        for (int lane = 0; lane < PackedWeights.Lanes && lane < remaining; lane++)
        {
            PackedOutput.Prepare(frame, table, channels, channel + lane, 1, flushes + 1, zeroPoint, total);
            PackedOutput.Single(frame, q, triples, flushes == 0 ? 0 : words, lane * PackedWeights.LaneBits, y + lane, channels, columns, rows, rowStep, low, high, total);
        }
    }
}
