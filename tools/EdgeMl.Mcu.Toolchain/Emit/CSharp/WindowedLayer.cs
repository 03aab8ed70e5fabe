using System.Buffers.Binary;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Kernels;
using EdgeMl.Mcu.Runtime.Packed;
using EdgeMl.Mcu.Toolchain.Plan;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Toolchain.Emit.CSharp;

/// <summary>A weight that is not 0.</summary>
/// <param name="Tap">Index of the activation in the window: (row * KernelWidth + column) * InputChannels + channel.</param>
/// <param name="Weight">-255 to 255: int8, less a zero point.</param>
internal readonly record struct TapWeight(int Tap, int Weight)
{
    /// <summary>Least product with an int8 activation.</summary>
    public int ProductMin => Weight > 0 ? sbyte.MinValue * Weight : sbyte.MaxValue * Weight;

    /// <summary>Greatest product less the least one.</summary>
    public int ProductSpan => byte.MaxValue * Math.Abs(Weight);
}

/// <summary>One output channel: the raw sum <c>Σ w x</c> over its taps plus the bias, rescaled. Zero points of inputs stand in the bias.</summary>
/// <param name="Taps">The weights that are not 0, by rising tap.</param>
/// <param name="Bias">What is added to the raw sum.</param>
/// <param name="Requantization">The rescaling.</param>
/// <param name="SumMin">Least sum, bias included.</param>
/// <param name="SumMax">Greatest sum.</param>
internal sealed record OutputChannel(IReadOnlyList<TapWeight> Taps, int Bias, Requantization Requantization, long SumMin, long SumMax)
{
    /// <summary>The weights that have an influence: none where every sum gives the same output.</summary>
    public IReadOnlyList<TapWeight> LiveTaps => Requantization.Constant is null ? Taps : [];
}

/// <summary>
/// A linear layer as windows over an NHWC image: a convolution, a depthwise one, or a fully connected layer, whose rows are the rows of an image of width 1.
/// </summary>
internal sealed class WindowedLayer
{
    private WindowedLayer(DeviceLayer source) => Source = source;

    /// <summary>The layer.</summary>
    public DeviceLayer Source { get; }

    /// <summary>Number of images.</summary>
    public int Batches { get; private set; } = 1;

    /// <summary>Height of the input.</summary>
    public int InputHeight { get; private set; } = 1;

    /// <summary>Width of the input.</summary>
    public int InputWidth { get; private set; } = 1;

    /// <summary>Channels of the input.</summary>
    public int InputChannels { get; private set; }

    /// <summary>Height of the output.</summary>
    public int OutputHeight { get; private set; } = 1;

    /// <summary>Width of the output.</summary>
    public int OutputWidth { get; private set; } = 1;

    /// <summary>Height of the window, in taps.</summary>
    public int KernelHeight { get; private set; } = 1;

    /// <summary>Width of the window, in taps.</summary>
    public int KernelWidth { get; private set; } = 1;

    /// <summary>Rows from one window to the next.</summary>
    public int StrideHeight { get; private set; } = 1;

    /// <summary>Columns from one window to the next.</summary>
    public int StrideWidth { get; private set; } = 1;

    /// <summary>Rows from one tap to the next.</summary>
    public int DilationHeight { get; private set; } = 1;

    /// <summary>Columns from one tap to the next.</summary>
    public int DilationWidth { get; private set; } = 1;

    /// <summary>Rows of padding above.</summary>
    public int PadTop { get; private set; }

    /// <summary>Columns of padding on the left.</summary>
    public int PadLeft { get; private set; }

    /// <summary>The activation in padding: the zero point of the input.</summary>
    public int PaddingValue { get; private set; }

    /// <summary>For a depthwise layer, output channels for each input channel; else 0.</summary>
    public int DepthMultiplier { get; private set; }

    /// <summary>Least output.</summary>
    public int Low { get; private set; }

    /// <summary>Greatest output.</summary>
    public int High { get; private set; }

    /// <summary>The output channels.</summary>
    public IReadOnlyList<OutputChannel> Channels { get; private set; } = [];

    /// <summary>Rows that a window reaches over.</summary>
    public int WindowHeight => ((KernelHeight - 1) * DilationHeight) + 1;

    /// <summary>Columns that a window reaches over.</summary>
    public int WindowWidth => ((KernelWidth - 1) * DilationWidth) + 1;

    /// <summary>Bytes of the input.</summary>
    public int InputBytes => Batches * InputHeight * InputWidth * InputChannels;

    /// <summary>Bytes of the output.</summary>
    public int OutputBytes => Batches * OutputHeight * OutputWidth * Channels.Count;

    /// <summary>Whether each output position sees the activations of one input position only, in the same order.</summary>
    public bool IsPointwise => KernelHeight == 1 && KernelWidth == 1 && StrideHeight == 1 && StrideWidth == 1 && PadTop == 0 && PadLeft == 0
        && InputHeight == OutputHeight && InputWidth == OutputWidth;

    /// <summary>The layer of a device step, or null where its kernel is another one or its arithmetic could overflow 32 bits.</summary>
    public static WindowedLayer? From(DeviceLayer source)
    {
        int[] p = source.Parameters;
        return source.Kernel switch
        {
            OpCode.FullyConnected or OpCode.PackedRowFullyConnected => FromFullyConnected(source, p),
            OpCode.ByteRowFullyConnected => FromFullyConnected(Signed(source, p[FullyConnected.OutputDepth] * p[FullyConnected.InputDepth]), p),
            OpCode.FullyConnectedInt4 => From(Widened(source, OpCode.FullyConnected, p[FullyConnected.OutputDepth], p[FullyConnected.InputDepth])),
            OpCode.Conv2DInt4 or OpCode.PackedConv2DInt4 => From(Widened(source, OpCode.Conv2D, p[P.OutputChannels], p[P.KernelHeight] * p[P.KernelWidth] * (p[P.InputChannels] / p[Conv2D.Groups]))),
            OpCode.Conv2D or OpCode.PackedConv2D or OpCode.PackedPositions => FromWindow(source, p, p[Conv2D.InputZeroPoint], p[Conv2D.OutputZeroPoint], p[Conv2D.Groups], isDepthwise: false),
            OpCode.DepthwiseConv2D or OpCode.SlidingDepthwiseConv2D or OpCode.LineDepthwiseConv2D => FromWindow(source, p, p[DepthwiseConv2D.InputZeroPoint], p[DepthwiseConv2D.OutputZeroPoint], p[P.InputChannels], isDepthwise: true),
            _ => null,
        };
    }

    /// <summary>A layer whose weights stand in the file as unsigned bytes, 128 greater, as one with signed ones.</summary>
    private static DeviceLayer Signed(DeviceLayer source, int count)
    {
        byte[] weights = [.. source.Weights];
        for (int i = 0; i < count; i++)
            weights[i] -= ByteRowFullyConnected.WeightOffset;
        return source with { Weights = weights };
    }

    /// <summary>A layer with 4-bit weights as one with the same weights in 8 bits.</summary>
    private static DeviceLayer Widened(DeviceLayer source, OpCode kernel, int rows, int rowLength)
    {
        int rowBytes = FourBitRows.Bytes(rowLength);
        var weights = new byte[ChannelTable.Bytes(rows * rowLength, rows)];
        for (int i = 0; i < rows * rowLength; i++)
            weights[i] = (byte)FourBitRows.At(source.Weights, i / rowLength * rowBytes, i % rowLength);
        source.Weights.AsSpan(ChannelTable.Start(0, rows * rowBytes)).CopyTo(weights.AsSpan(ChannelTable.Start(0, rows * rowLength)));
        return source with { Kernel = kernel, Weights = weights };
    }

    private static WindowedLayer? FromFullyConnected(DeviceLayer source, int[] p)
    {
        int depth = p[FullyConnected.InputDepth];
        var layer = new WindowedLayer(source)
        {
            InputHeight = p[FullyConnected.Batches],
            OutputHeight = p[FullyConnected.Batches],
            InputChannels = depth,
        };
        return layer.SetChannels(p[FullyConnected.OutputDepth], depth, depth, 1, p[FullyConnected.WeightZeroPoint], p[FullyConnected.OutputZeroPoint], p[FullyConnected.ActivationMin], p[FullyConnected.ActivationMax]);
    }

    private static WindowedLayer? FromWindow(DeviceLayer source, int[] p, int inputZeroPoint, int outputZeroPoint, int groups, bool isDepthwise)
    {
        var layer = new WindowedLayer(source)
        {
            Batches = p[P.Batches],
            InputHeight = p[P.InputHeight],
            InputWidth = p[P.InputWidth],
            InputChannels = p[P.InputChannels],
            OutputHeight = p[P.OutputHeight],
            OutputWidth = p[P.OutputWidth],
            KernelHeight = p[P.KernelHeight],
            KernelWidth = p[P.KernelWidth],
            StrideHeight = p[P.StrideHeight],
            StrideWidth = p[P.StrideWidth],
            DilationHeight = p[P.DilationHeight],
            DilationWidth = p[P.DilationWidth],
            PadTop = p[P.PadTop],
            PadLeft = p[P.PadLeft],
            PaddingValue = inputZeroPoint,
            DepthMultiplier = isDepthwise ? p[P.OutputChannels] / p[P.InputChannels] : 0,
        };
        if (layer.InputHeight == 1 && layer.KernelHeight == 1 && layer.PadTop == 0 && layer.OutputHeight == 1)
            layer.Transpose();
        int filterChannels = p[P.InputChannels] / groups;
        return layer.SetChannels(p[P.OutputChannels], p[P.KernelHeight] * p[P.KernelWidth] * filterChannels, filterChannels, groups, 0, outputZeroPoint, p[P.ActivationMin], p[P.ActivationMax]);
    }

    /// <summary>Makes an image of height 1 one of width 1, which lies in memory the same way and has rows to divide into lanes.</summary>
    private void Transpose()
    {
        (InputHeight, InputWidth) = (InputWidth, 1);
        (OutputHeight, OutputWidth) = (OutputWidth, 1);
        (KernelHeight, KernelWidth) = (KernelWidth, 1);
        (StrideHeight, StrideWidth) = (StrideWidth, 1);
        (DilationHeight, DilationWidth) = (DilationWidth, 1);
        (PadTop, PadLeft) = (PadLeft, 0);
    }

    private WindowedLayer? SetChannels(int count, int filterTaps, int filterChannels, int groups, int weightZeroPoint, int zeroPoint, int low, int high)
    {
        (Low, High) = (low, high);
        ReadOnlySpan<byte> weights = Source.Weights;
        ReadOnlySpan<byte> table = weights[ChannelTable.Start(0, count * filterTaps)..];
        var channels = new OutputChannel[count];
        for (int channel = 0; channel < count; channel++)
        {
            int group = channel / (count / groups);
            var taps = new List<TapWeight>();
            for (int i = 0; i < filterTaps; i++)
            {
                int weight = (sbyte)weights[(channel * filterTaps) + i] - weightZeroPoint;
                if (weight != 0)
                    taps.Add(new TapWeight((i / filterChannels * InputChannels) + (group * filterChannels) + (i % filterChannels), weight));
            }
            int bias = BinaryPrimitives.ReadInt32LittleEndian(table[(4 * channel)..]);
            int multiplier = BinaryPrimitives.ReadInt32LittleEndian(table[(4 * (count + channel))..]);
            long min = bias + taps.Sum(tap => (long)tap.ProductMin);
            long max = min + taps.Sum(tap => (long)tap.ProductSpan);
            if (Requantization.Create(multiplier, (sbyte)table[(8 * count) + channel], zeroPoint, low, high, min, max) is not { } requantization)
                return null;
            channels[channel] = new OutputChannel(taps, bias, requantization, min, max);
        }
        Channels = channels;
        return this;
    }
}
