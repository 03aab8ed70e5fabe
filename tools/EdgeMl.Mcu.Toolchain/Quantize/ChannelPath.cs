using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>
/// The way of a layer's output channels to the one layer that reads them, through operators that a positive factor of a channel passes unchanged.
/// </summary>
internal sealed class ChannelPath
{
    private readonly int[] _channelOfWeight;

    private ChannelPath(Node reader, int[] channelOfWeight)
    {
        Reader = reader;
        _channelOfWeight = channelOfWeight;
    }

    /// <summary>The layer that reads the channels.</summary>
    public Node Reader { get; }

    /// <summary>The channel that an element of the reader's weights multiplies.</summary>
    public int ChannelOfWeight(int element) => _channelOfWeight[element];

    /// <summary>The path from a node, or null where it is no layer with weights, its outputs are clamped or read elsewhere, or channels get mixed.</summary>
    public static ChannelPath? From(ModelGraph graph, Node node)
    {
        if (OperatorRules.WeightAxis(node.Operator) is null || !IsHomogeneous(OperatorRules.ActivationOf(node.Operator)))
            return null;
        Tensor tensor = node.Output;
        // Channel numbers from 1 travel along the path as values; 0 is what padding adds.
        int channels = tensor.Shape[-1];
        float[] marks = [.. Enumerable.Range(0, tensor.Shape.ElementCount).Select(i => (float)(i % channels + 1))];
        while (!graph.IsOutput(tensor) && graph.Consumers(tensor).Take(2).ToArray() is [var reader])
        {
            if (OperatorRules.WeightAxis(reader.Operator) is not null)
                return reader.Input == tensor && !reader.Inputs.Skip(1).Contains(tensor) && ChannelsOfWeights(reader, marks, channels) is { } map ? new ChannelPath(reader, map) : null;
            if (!PassesFactors(reader) || reader.Inputs.Count != 1)
                return null;
            if (Pass(reader, marks, channels) is not { } passed)
                return null;
            marks = passed;
            tensor = reader.Output;
        }
        return null;
    }

    /// <summary>The marks behind a node; null where an output comes from several channels, which their squares or their reverse order show.</summary>
    private static float[]? Pass(Node node, float[] marks, int channels)
    {
        float[] passed = Array.ConvertAll(Evaluate(mark => mark), MathF.Round);
        return Same(mark => mark * mark) && Same(mark => mark == 0 ? 0 : channels + 1 - mark) ? passed : null;

        float[] Evaluate(Func<float, float> change) => NodeEvaluator.Evaluate(node, [[.. marks.Select(change)]])[0];

        bool Same(Func<float, float> change) => Evaluate(change).Zip(passed).All(pair => Math.Abs(pair.First - change(pair.Second)) < 1e-3f * (1 + pair.First));
    }

    private static bool IsHomogeneous(Activation activation) => activation is Activation.None or Activation.Relu;

    /// <summary>Whether an operator gives <c>f(k x) = k f(x)</c> for positive k and takes each output from elements of one channel only, if at all.</summary>
    private static bool PassesFactors(Node node) => node.Operator switch
    {
        MaxPool2D pool => IsHomogeneous(pool.Activation),
        AveragePool2D { CountIncludesPadding: false } pool => IsHomogeneous(pool.Activation),
        Mean mean => !mean.Axes.Contains(node.Input.Shape.Rank - 1),
        Pad pad => pad.Value == 0,
        Unary { Kind: UnaryKind.Relu } or Reshape or Transpose or StridedSlice => true,
        _ => false,
    };

    /// <summary>For each weight the channel that all of its inputs belong to; null where they belong to several.</summary>
    private static int[]? ChannelsOfWeights(Node reader, float[] marks, int channels)
    {
        Shape weights = reader.Inputs[1]!.Shape, input = reader.Input.Shape;
        int depth = reader.Operator is FullyConnected ? weights[1] : input[-1];
        var channelOfInput = new int[depth];
        for (int i = 0; i < marks.Length; i++)
        {
            int mark = (int)marks[i], position = i % depth;
            if (mark == 0 || mark == channelOfInput[position])
                continue;
            if (mark < 0 || mark > channels || channelOfInput[position] != 0)
                return null;
            channelOfInput[position] = mark;
        }
        var map = new int[weights.ElementCount];
        for (int i = 0; i < map.Length; i++)
        {
            // An input position that is padding always has no channel; its weights meet zeros, and may go with any.
            map[i] = Math.Max(0, channelOfInput[InputOf(reader, i, depth)] - 1);
        }
        return map;
    }

    private static int InputOf(Node reader, int element, int depth)
    {
        Shape weights = reader.Inputs[1]!.Shape;
        switch (reader.Operator)
        {
            case DepthwiseConv2D:
                return element % weights[3] / (weights[3] / depth);
            case Conv2D:
                int groupDepth = weights[3], groupOutputs = weights[0] / (depth / groupDepth);
                int channel = element / (weights.ElementCount / weights[0]);
                return channel / groupOutputs * groupDepth + element % groupDepth;
            default:
                return element % depth;
        }
    }
}
