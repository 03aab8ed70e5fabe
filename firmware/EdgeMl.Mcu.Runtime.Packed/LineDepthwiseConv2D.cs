using System;
using EdgeMl.Mcu.Runtime.Kernels;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Runtime.Packed;

/// <summary>
/// <see cref="DepthwiseConv2D"/> with a 3x3 window, strides and dilations of 1 and a rectifier, the same bits: three taps in one <c>long</c> slide along five or three lines of
/// outputs at once, which share their inputs.
/// </summary>
/// <remarks>
/// Parameters as <see cref="DepthwiseConv2D"/>, then <see cref="Axis"/>. The activation range begins at the output's zero point, so only accumulators that are not negative are
/// rescaled, as <see cref="TableRescale"/> says. A lane's sum is <c>128 Σ|w| + Σ w x</c>. The result is exact where no product overflows, which the toolchain checks; it
/// stays in bounds in any case.
/// </remarks>
public sealed class LineDepthwiseConv2D : Kernel
{
    /// <summary>Parameter: the axis along which the window slides, 0 for the width and 1 for the height.</summary>
    public const int Axis = DepthwiseConv2D.Count;

    /// <summary>Number of parameters.</summary>
    public const int Count = Axis + 1;

    /// <summary>Taps of a line, and lines of a window.</summary>
    public const int Window = 3;

    /// <summary>Least number of lines of outputs.</summary>
    public const int LinesMin = 3;

    /// <summary>64-bit words that the kernel needs: the lanes of each line after the last step.</summary>
    public const int LaneCount = LineSteps.LinesMax;

    private const long LaneMask = (1L << PackedWeights.LaneBits) - 1;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        P.Validate(layer);
        layer.Range(DepthwiseConv2D.InputZeroPoint, -128, 127);
        int zeroPoint = layer.Range(DepthwiseConv2D.OutputZeroPoint, -128, 127);
        layer.Range(P.ActivationMin, zeroPoint, zeroPoint);
        int channels = layer.Dimension(P.OutputChannels);
        layer.Check(channels % layer.Dimension(P.InputChannels) == 0);
        int axis = layer.Range(Axis, 0, 1);
        for (int i = 0; i < 2; i++)
        {
            layer.Range(P.KernelHeight + i, Window, Window);
            layer.Range(P.StrideHeight + i, 1, 1);
            layer.Range(P.DilationHeight + i, 1, 1);
            int pad = layer.Range(P.PadTop + i, 0, 1);
            int size = layer.Range(P.InputHeight + i, Window - 1, P.MaxExtent);
            layer.Range(P.OutputHeight + i, 1, size + pad - 1);
        }
        layer.Range(P.OutputHeight + axis, LinesMin, P.MaxExtent);
        layer.Lanes(LaneCount);
        ChannelTable.Validate(layer, layer.Product(Window * Window, channels), channels);
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
        int inputChannels = frame.Int(P.InputChannels);
        int size = frame.Int(P.InputWidth - axis);
        int lineCount = frame.Int(P.InputHeight + axis);
        int outputSize = frame.Int(P.OutputWidth - axis);
        int outputLines = frame.Int(P.OutputHeight + axis);
        int step = axis == 0 ? inputChannels : lineCount * inputChannels;
        int lineStep = axis == 0 ? size * inputChannels : inputChannels;
        int outputStep = axis == 0 ? channels : outputLines * channels;
        int outputLineStep = axis == 0 ? outputSize * channels : channels;
        int pad = frame.Int(P.PadLeft - axis);
        int linePad = frame.Int(P.PadTop + axis);
        int inputZeroPoint = frame.Int(DepthwiseConv2D.InputZeroPoint);
        long zeroPoint = (long)frame.Int(DepthwiseConv2D.OutputZeroPoint) << TableRescale.Shift;
        int high = frame.Int(P.ActivationMax);
        int batches = frame.Int(P.Batches);
        byte[] weights = frame.Weights;
        sbyte[] arena = frame.Arena;
        long[] lanes = frame.Lanes;
        int filter = frame.WeightOffset;
        int table = ChannelTable.Start(filter, Window * Window * channels);
        int shifts = table + (channels << 3);
        // Steps with inputs: as many as there are outputs and two more, less those in padding.
        int inner = outputSize + 2 - pad < size ? outputSize + 2 - pad : size;
        int image = frame.Int(P.Input);
        int output = frame.Int(P.Output);
        WindowSource.Fill(arena, output, batches * outputSize * outputLines * channels, frame.Int(P.ActivationMin));
        for (int b = 0; b < batches; b++)
        {
            for (int c = 0; c < channels; c++)
            {
                int w = filter + (c * Window * Window);
                int tap = axis == 0 ? 1 : Window;
                int line = axis == 0 ? Window : 1;
                long w0 = PackLine(weights, w, tap);
                long w1 = PackLine(weights, w + line, tap);
                long w2 = PackLine(weights, w + line + line, tap);
                long laneBias = (long)AbsoluteSum(weights, w) * PackedWeights.ActivationBound;
                int shift = (sbyte)weights[shifts + c];
                long factor = TableRescale.Factor(BitConverter.ToInt32(weights, table + ((channels + c) << 2)), shift);
                long zero = laneBias - BitConverter.ToInt32(weights, table + (c << 2));
                long offset = TableRescale.Rounding(shift) + zeroPoint - (zero * factor);
                if (zero < 0)
                    zero = 0;
                long open = laneBias << (2 * PackedWeights.LaneBits);
                long outside = open + ((w0 + w1 + w2) * inputZeroPoint);
                long start = (laneBias << PackedWeights.LaneBits) + open;
                if (pad != 0)
                    start = (start >> PackedWeights.LaneBits) + outside;
                int x = image + (c * inputChannels / channels);
                int first = 0;
                while (first < outputLines)
                {
                    int lines = outputLines - first >= LineSteps.LinesMax - 1 && outputLines >= LineSteps.LinesMax ? LineSteps.LinesMax : LinesMin;
                    // The last block begins where it ends with the last line, and computes some lines again.
                    if (first + lines > outputLines)
                        first = outputLines - lines;
                    int origin = first - linePad;
                    bool top = origin >= 0;
                    bool bottom = origin + lines + 1 < lineCount;
                    int row = x + ((origin + 1) * lineStep);
                    int y = output + c + (first * outputLineStep);
                    LineSteps.Run(
                        arena, lanes, lines, start, open, top ? open : open + (w0 * inputZeroPoint), bottom ? open : open + (w2 * inputZeroPoint), top ? w0 : 0, w0, w1, w2, bottom ? w2 : 0,
                        row, top ? -lineStep : 0, lineStep, bottom ? 0 : lineStep, step, row + (inner * step), 2 - pad, y, outputLineStep, outputStep, factor, offset, zero, high);
                    for (int last = inner + pad - 2; last < outputSize; last++)
                    {
                        for (int i = 0; i < lines; i++)
                        {
                            lanes[i] = (lanes[i] >> PackedWeights.LaneBits) + outside;
                            long sum = lanes[i] & LaneMask;
                            if (sum < zero)
                                continue;
                            int value = (int)(((sum * factor) + offset) >> TableRescale.Shift);
                            arena[y + (i * outputLineStep) + (last * outputStep)] = (sbyte)(value > high ? high : value);
                        }
                    }
                    first += lines;
                }
            }
            image += size * lineCount * inputChannels;
            output += outputSize * outputLines * channels;
        }
    }

    /// <summary>Three weights, the first one in the upper lane.</summary>
    private static long PackLine(byte[] weights, int w, int tap)
    {
        return ((long)(sbyte)weights[w] << (2 * PackedWeights.LaneBits)) + ((long)(sbyte)weights[w + tap] << PackedWeights.LaneBits) + (sbyte)weights[w + tap + tap];
    }

    private static int AbsoluteSum(byte[] weights, int w)
    {
        int sum = 0;
        for (int end = w + (Window * Window); w < end; w++)
        {
            int weight = (sbyte)weights[w];
            sum += weight < 0 ? -weight : weight;
        }
        return sum;
    }
}
