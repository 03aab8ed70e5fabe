using System.Buffers.Binary;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Kernels;
using EdgeMl.Mcu.Runtime.Packed;
using EdgeMl.Mcu.Toolchain.Plan.Lowering;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Toolchain.Plan.Variants;

/// <summary>A convolution, or a fully connected layer over several rows seen as one, with what the packed kernels must know of its weights.</summary>
internal sealed class PackedConvLayer
{
    private readonly byte[] _weights;
    private readonly int _table;

    private PackedConvLayer(DeviceLayer layer, int[] parameters)
    {
        Layer = layer;
        Parameters = parameters;
        FilterSize = Parameters[P.KernelHeight] * Parameters[P.KernelWidth] * (Parameters[P.InputChannels] / Parameters[Conv2D.Groups]);
        _weights = HasFourBits ? FourBitPacking.Unpack(layer.Weights, FilterSize, OutputChannels) : layer.Weights;
        _table = ChannelTable.Start(0, FilterSize * OutputChannels);
    }

    /// <summary>The layer as lowered.</summary>
    public DeviceLayer Layer { get; }

    /// <summary>Whether the weights have 4 bits.</summary>
    public bool HasFourBits => Layer.Kernel is OpCode.Conv2DInt4 or OpCode.FullyConnectedInt4;

    /// <summary>Parameters of <see cref="Conv2D"/>.</summary>
    public int[] Parameters { get; }

    /// <summary>Weights of one output channel.</summary>
    public int FilterSize { get; }

    /// <summary>Output channels of all groups.</summary>
    public int OutputChannels => Parameters[P.OutputChannels];

    /// <summary>Greatest right shift of any channel, 0 where none has one.</summary>
    public int RightShift => Math.Max(0, -Enumerable.Range(0, OutputChannels).Min(Shift));

    /// <summary>Whether the activation range begins at the zero point or above.</summary>
    public bool IsRectified => Parameters[P.ActivationMin] >= Parameters[Conv2D.OutputZeroPoint];

    /// <summary><see cref="OfAnyBits"/> for layers whose weights have 8 bits, else null.</summary>
    public static PackedConvLayer? Of(DeviceLayer layer) => OfAnyBits(layer) is { HasFourBits: false } convolution ? convolution : null;

    /// <summary>The layer as a convolution; null where it is none, or where its numbers do not allow lanes of 21 bits and one rounding.</summary>
    public static PackedConvLayer? OfAnyBits(DeviceLayer layer)
    {
        int[]? parameters = layer.Kernel switch
        {
            OpCode.Conv2D or OpCode.Conv2DInt4 => layer.Parameters,
            OpCode.FullyConnected or OpCode.FullyConnectedInt4 => Pointwise(layer.Parameters),
            _ => null,
        };
        if (parameters is null)
            return null;
        var convolution = new PackedConvLayer(layer, parameters);
        int zeroPoint = parameters[Conv2D.OutputZeroPoint];
        int rightShift = convolution.RightShift;
        bool possible = rightShift <= PackedOutput.MaxRightShift && parameters[P.ActivationMin] <= zeroPoint && zeroPoint <= parameters[P.ActivationMax];
        for (int channel = 0; possible && channel < convolution.OutputChannels; channel++)
            possible = convolution.IsExact(channel, rightShift);
        return possible ? convolution : null;
    }

    /// <summary>Sum of |w| of one channel over some of its taps.</summary>
    public int AbsoluteSum(int channel, int first, int count)
    {
        int sum = 0;
        foreach (byte weight in _weights.AsSpan((channel * FilterSize) + first, count))
            sum += Math.Abs((int)(sbyte)weight);
        return sum;
    }

    /// <summary>Rows of a fully connected layer as one row of positions.</summary>
    private static int[]? Pointwise(int[] linear)
    {
        int positions = linear[FullyConnected.Batches];
        int depth = linear[FullyConnected.InputDepth];
        int channels = linear[FullyConnected.OutputDepth];
        if (linear[FullyConnected.WeightZeroPoint] != 0 || positions == 1 || Math.Max(positions, Math.Max(depth, channels)) > P.MaxExtent)
            return null;
        var parameters = new int[Conv2D.Count];
        Array.Fill(parameters, 1, P.Batches, P.DilationWidth - P.Batches + 1);
        parameters[P.InputWidth] = parameters[P.OutputWidth] = positions;
        parameters[P.InputChannels] = depth;
        parameters[P.OutputChannels] = channels;
        parameters[P.ActivationMin] = linear[FullyConnected.ActivationMin];
        parameters[P.ActivationMax] = linear[FullyConnected.ActivationMax];
        parameters[Conv2D.OutputZeroPoint] = linear[FullyConnected.OutputZeroPoint];
        parameters[Conv2D.Groups] = 1;
        return parameters;
    }

    /// <summary>Whether no number of a channel leaves its range: neither the int32 accumulator of the reference nor the 64-bit product of the packed kernels.</summary>
    private bool IsExact(int channel, int rightShift)
    {
        long least = BinaryPrimitives.ReadInt32LittleEndian(_weights.AsSpan(_table + (4 * channel)));
        long greatest = least;
        foreach (byte weight in _weights.AsSpan(channel * FilterSize, FilterSize))
        {
            int w = (sbyte)weight;
            least += Math.Min(w * -128, w * 127);
            greatest += Math.Max(w * -128, w * 127);
        }
        int multiplier = BinaryPrimitives.ReadInt32LittleEndian(_weights.AsSpan(_table + (4 * (OutputChannels + channel))));
        int shift = Shift(channel);
        Int128 extreme = Int128.Max(Int128.Abs(least), Int128.Abs(greatest)) << Math.Max(shift, 0);
        return extreme <= int.MaxValue && (extreme * multiplier << (rightShift + Math.Min(shift, 0))) <= long.MaxValue / 2;
    }

    private int Shift(int channel) => (sbyte)_weights[_table + (8 * OutputChannels) + channel];
}
