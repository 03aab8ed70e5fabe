using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan;
using EdgeMl.Mcu.Toolchain.Plan.Lowering;

namespace EdgeMl.Mcu.Toolchain.Passes.Channels;

/// <summary>
/// A convolution, depthwise convolution or fully connected layer with int8 activations and constant int8 weights, as its kernel computes it:
/// <c>clamp(requantise(bias[o] + Σ (w[o, tap, i] - zp_w) * (x - zp_in)) + zp_out)</c>, modulo 2^32, where a tap outside the input adds nothing.
/// </summary>
internal sealed class Int8Layer
{
    private readonly sbyte[] _weights;
    private readonly int _outputStride;
    private readonly int _tapStride;

    private Int8Layer(Node node, sbyte[] weights, int outputStride, int tapStride)
    {
        Node = node;
        _weights = weights;
        _outputStride = outputStride;
        _tapStride = tapStride;
    }

    /// <summary>The node.</summary>
    public Node Node { get; }

    /// <summary>Number of output channels.</summary>
    public required int Outputs { get; init; }

    /// <summary>Number of inputs that one output reads at one tap.</summary>
    public required int FilterInputs { get; init; }

    /// <summary>Number of taps in a row of the window; 1 for a fully connected layer.</summary>
    public required int KernelWidth { get; init; }

    /// <summary>Number of rows of the window; 1 for a fully connected layer.</summary>
    public required int KernelHeight { get; init; }

    /// <summary>Which taps lie in the input.</summary>
    public required TapRanges Taps { get; init; }

    /// <summary>Output channels that read the same inputs; all of them where the layer has one group.</summary>
    public required int OutputsPerGroup { get; init; }

    /// <summary>Zero point of the weights; 0 where each channel has its own scale.</summary>
    public int WeightZeroPoint { get; private init; }

    /// <summary>Rescaling of each output channel.</summary>
    public required QuantizedMultiplier[] Multipliers { get; init; }

    /// <summary>Zero point of the input.</summary>
    public int InputZeroPoint => Node.Input.Quantization!.ZeroPoint;

    /// <summary>Zero point of the output.</summary>
    public int OutputZeroPoint => Node.Output.Quantization!.ZeroPoint;

    /// <summary>Least and greatest output.</summary>
    public required (int Min, int Max) Range { get; init; }

    /// <summary>Whether every output reads every input channel.</summary>
    public bool IsDense => OutputsPerGroup == Outputs && Node.Operator is not DepthwiseConv2D;

    /// <summary>Bias of an output channel; 0 where the layer has none.</summary>
    public int Bias(int output) => Node.InputOrNull(2) is { } bias ? ((int[])bias.Data!)[output] : 0;

    /// <summary>A weight less the zero point.</summary>
    public int Weight(int output, int tap, int input) => _weights[(output * _outputStride) + (tap * _tapStride) + input] - WeightZeroPoint;

    /// <summary>
    /// Channel of the input tensor that an output reads as its input <paramref name="input"/>. A fully connected layer may take more inputs than its tensor has
    /// channels: several positions, each with all channels.
    /// </summary>
    public int InputChannel(int output, int input) => ((output / OutputsPerGroup * FilterInputs) + input) % Node.Input.Channels();

    /// <summary>Reads a node; null for other operators and where the device could not run it.</summary>
    public static Int8Layer? TryRead(Node node)
    {
        if (node.Operator is not (FullyConnected or Conv2D or DepthwiseConv2D) || node.Input.Type != ElementType.Int8 || node.Output.Type != ElementType.Int8)
            return null;
        int channels = node.Output.Channels();
        if (node.InputOrNull(1) is not { } tensor || tensor.Shape[node.Operator is DepthwiseConv2D ? -1 : 0] != channels
            || node.InputOrNull(2) is { } bias && (bias.Data is not int[] values || values.Length != channels))
        {
            return null;
        }
        try
        {
            sbyte[] weights = ChannelTableBuilder.Weights(node, channels);
            return node.Operator switch
            {
                FullyConnected op when tensor.Shape[1] % node.Input.Channels() == 0 => ReadFullyConnected(node, op, weights),
                Conv2D op => ReadConv2D(node, op, weights),
                DepthwiseConv2D op => ReadDepthwiseConv2D(node, op, weights),
                _ => null,
            };
        }
        catch (LoweringException)
        {
            return null;
        }
    }

    private static Int8Layer ReadFullyConnected(Node node, FullyConnected op, sbyte[] weights)
    {
        Shape shape = node.Inputs[1]!.Shape;
        Quantization quantization = node.Inputs[1]!.Quantization!;
        return new Int8Layer(node, weights, shape[1], 0)
        {
            Outputs = shape[0],
            FilterInputs = shape[1],
            KernelWidth = 1,
            KernelHeight = 1,
            Taps = TapRanges.Inside(1, 1),
            OutputsPerGroup = shape[0],
            WeightZeroPoint = quantization.IsPerChannel ? 0 : quantization.ZeroPoint,
            Multipliers = LinearLowering.Multipliers(node),
            Range = ActivationRange.Of(op.Activation, ProgramBuilder.Int8(node.Output)),
        };
    }

    private static Int8Layer ReadConv2D(Node node, Conv2D op, sbyte[] weights)
    {
        Shape shape = node.Inputs[1]!.Shape;
        return new Int8Layer(node, weights, shape[1] * shape[2] * shape[3], shape[3])
        {
            Outputs = shape[0],
            FilterInputs = shape[3],
            KernelWidth = shape[2],
            KernelHeight = shape[1],
            Taps = TapRanges.Of(op.Window, node.Input.Shape, node.Output.Shape),
            OutputsPerGroup = shape[0] / (node.Input.Channels() / shape[3]),
            Multipliers = WindowLowering.Multipliers(node, shape[0]),
            Range = ActivationRange.Of(op.Activation, ProgramBuilder.Int8(node.Output)),
        };
    }

    private static Int8Layer ReadDepthwiseConv2D(Node node, DepthwiseConv2D op, sbyte[] weights)
    {
        Shape shape = node.Inputs[1]!.Shape;
        return new Int8Layer(node, weights, 1, shape[3])
        {
            Outputs = shape[3],
            FilterInputs = 1,
            KernelWidth = shape[2],
            KernelHeight = shape[1],
            Taps = TapRanges.Of(op.Window, node.Input.Shape, node.Output.Shape),
            OutputsPerGroup = shape[3] / node.Input.Channels(),
            Multipliers = WindowLowering.Multipliers(node, shape[3]),
            Range = ActivationRange.Of(op.Activation, ProgramBuilder.Int8(node.Output)),
        };
    }
}
