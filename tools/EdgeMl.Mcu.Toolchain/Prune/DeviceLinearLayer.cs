using System.Buffers.Binary;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Kernels;
using EdgeMl.Mcu.Toolchain.Calibrating;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan;
using F = EdgeMl.Mcu.Runtime.Kernels.FullyConnected;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>
/// A linear layer of a device model as a node. Inputs have the scale 1 and outputs count in steps of the output, so that the scale of an output's weights is its
/// multiplier, <c>multiplier * 2^(shift - 31)</c>.
/// </summary>
internal sealed class DeviceLinearLayer
{
    // Fully connected layers have the zero point of their inputs in the bias only. What is fitted together with a bias does not depend on it; this one makes
    // zeros of what a rectifier gives.
    private const int LeastInput = -128;

    private readonly DeviceLayer _layer;
    private readonly int _inputOffset;
    private readonly int _zeroPoint;

    private DeviceLinearLayer(DeviceLayer layer, Operator op, Shape input, Shape weights, Shape output, int zeroPoint, int weightZeroPoint)
    {
        _layer = layer;
        _inputOffset = layer.Parameters[F.Input];
        _zeroPoint = zeroPoint;
        int channels = output[output.Rank - 1];
        sbyte[] elements = Transposed(op, Array.ConvertAll(layer.Weights[..weights.ElementCount], weight => (sbyte)weight), channels, weights.ElementCount / channels);
        ReadOnlySpan<byte> table = Table(layer.Weights, weights.ElementCount);
        var bias = new int[channels];
        var scales = new float[channels];
        for (int channel = 0; channel < channels; channel++)
        {
            bias[channel] = unchecked(BinaryPrimitives.ReadInt32LittleEndian(table[(4 * channel)..]) + (zeroPoint * Sum(layer.Weights, channel, weights.ElementCount / channels, weightZeroPoint)));
            int multiplier = BinaryPrimitives.ReadInt32LittleEndian(table[(4 * (channels + channel))..]);
            // Without a multiplier an output is the same whatever its weights are, but weights have no grid of scale 0.
            scales[channel] = (float)Math.ScaleB(Math.Max(multiplier, 1), (sbyte)table[(8 * channels) + channel] - 31);
        }
        var quantization = new Quantization(scales, [.. Enumerable.Repeat(weightZeroPoint, channels)], op is Graph.DepthwiseConv2D ? 3 : 0);
        Node = new Node(layer.Name, op,
            [
                new Tensor($"{layer.Name}/x", ElementType.Int8, input, new Quantization(1, zeroPoint)),
                new Tensor($"{layer.Name}/w", ElementType.Int8, weights, quantization, elements),
                new Tensor($"{layer.Name}/b", ElementType.Int32, new Shape(channels), null, bias),
            ],
            new Tensor($"{layer.Name}/y", ElementType.Int8, output, new Quantization(1, 0)));
        Linear = LinearNode.Of(Node)!;
    }

    /// <summary>The layer as a node of no graph.</summary>
    public Node Node { get; }

    /// <summary>The node as a matrix product.</summary>
    public LinearNode Linear { get; }

    /// <summary>Reads a layer with a plain int8 kernel; null for others.</summary>
    public static DeviceLinearLayer? Of(DeviceLayer layer)
    {
        int[] p = layer.Parameters;
        return layer.Kernel switch
        {
            OpCode.FullyConnected => new(layer, new Graph.FullyConnected(), new Shape(p[F.Batches], p[F.InputDepth]), new Shape(p[F.OutputDepth], p[F.InputDepth]),
                new Shape(p[F.Batches], p[F.OutputDepth]), LeastInput, p[F.WeightZeroPoint]),
            OpCode.Conv2D => new(layer, new Graph.Conv2D(WindowOf(p)), InputOf(p),
                new Shape(p[P.OutputChannels], p[P.KernelHeight], p[P.KernelWidth], p[P.InputChannels] / p[Runtime.Kernels.Conv2D.Groups]), OutputOf(p), p[Runtime.Kernels.Conv2D.InputZeroPoint], 0),
            OpCode.DepthwiseConv2D => new(layer, new Graph.DepthwiseConv2D(WindowOf(p)), InputOf(p),
                new Shape(1, p[P.KernelHeight], p[P.KernelWidth], p[P.OutputChannels]), OutputOf(p), p[Runtime.Kernels.DepthwiseConv2D.InputZeroPoint], 0),
            _ => null,
        };
    }

    /// <summary>The inputs of a sample about their zero point.</summary>
    /// <param name="arena">The arena before the layer runs.</param>
    public float[] Inputs(sbyte[] arena) => Array.ConvertAll(arena[_inputOffset..(_inputOffset + Node.Input.Shape.ElementCount)], value => (float)(value - _zeroPoint));

    /// <summary>The device layer with other weights and biases.</summary>
    public DeviceLayer With(LayerWeights weights)
    {
        var node = new Node(Node.Name, Node.Operator, Node.Inputs, Node.Output);
        weights.WriteTo(node);
        int channels = Linear.Outputs, taps = Linear.Taps;
        byte[] bytes = (byte[])_layer.Weights.Clone();
        for (int output = 0; output < channels; output++)
        {
            for (int tap = 0; tap < taps; tap++)
                bytes[(output * taps) + tap] = (byte)((sbyte[])node.Inputs[1]!.Data!)[Linear.WeightIndex(output, tap)];
        }
        Span<byte> table = bytes.AsSpan(ChannelTable.Start(0, channels * taps));
        int weightZeroPoint = Node.Inputs[1]!.Quantization!.ZeroPoint;
        for (int output = 0; output < channels; output++)
        {
            int folded = unchecked(((int[])node.Inputs[2]!.Data!)[output] - (_zeroPoint * Sum(bytes, output, taps, weightZeroPoint)));
            BinaryPrimitives.WriteInt32LittleEndian(table[(4 * output)..], folded);
        }
        return _layer with { Weights = bytes };
    }

    private static ReadOnlySpan<byte> Table(byte[] weights, int count) => weights.AsSpan(ChannelTable.Start(0, count));

    private static int Sum(byte[] weights, int channel, int taps, int zeroPoint)
    {
        int sum = 0;
        foreach (byte weight in weights.AsSpan(channel * taps, taps))
            sum += (sbyte)weight - zeroPoint;
        return sum;
    }

    // Depthwise filters lie in one piece each on the device, and tap by tap in a graph.
    private static sbyte[] Transposed(Operator op, sbyte[] filters, int channels, int taps) => op is Graph.DepthwiseConv2D
        ? [.. Enumerable.Range(0, filters.Length).Select(i => filters[(i % channels * taps) + (i / channels)])]
        : filters;

    private static Window WindowOf(int[] p) => new(
        p[P.KernelHeight], p[P.KernelWidth], p[P.StrideHeight], p[P.StrideWidth], p[P.DilationHeight], p[P.DilationWidth], p[P.PadTop], p[P.PadLeft]);

    private static Shape InputOf(int[] p) => new(p[P.Batches], p[P.InputHeight], p[P.InputWidth], p[P.InputChannels]);

    private static Shape OutputOf(int[] p) => new(p[P.Batches], p[P.OutputHeight], p[P.OutputWidth], p[P.OutputChannels]);
}
