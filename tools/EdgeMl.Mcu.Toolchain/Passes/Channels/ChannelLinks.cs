using System.Numerics;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes.Channels;

/// <summary>Which channels of a node's inputs and output can only stay or go together.</summary>
internal static class ChannelLinks
{
    /// <summary>
    /// Joins the channels of a node whose output channels each depend on one channel of each input; keeps all channels of any other node. Linear layers
    /// with free inputs and outputs are not for this.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="isLayer">Whether it is a linear layer whose weights are known.</param>
    /// <param name="isUniform">Whether channels can be taken out of all its inputs and outputs.</param>
    /// <param name="classes">Takes the links.</param>
    public static void Add(Node node, bool isLayer, bool isUniform, ChannelClasses classes)
    {
        bool isJoined = isLayer ? TryJoinLayer(node, classes) : isUniform && TryJoin(node, classes);
        if (!isJoined)
        {
            foreach (Tensor tensor in node.Inputs.OfType<Tensor>().Concat(node.Outputs).Where(classes.Contains))
                classes.KeepAll(tensor);
        }
    }

    private static bool TryJoinLayer(Node node, ChannelClasses classes)
    {
        if (node.Operator is not DepthwiseConv2D)
            return false;
        JoinDepthwise(node.Input, node.Output, classes);
        return true;
    }

    private static bool TryJoin(Node node, ChannelClasses classes)
    {
        Tensor x = node.Input;
        Tensor y = node.Output;
        switch (node.Operator)
        {
            case MaxPool2D or AveragePool2D or ResizeNearest or ResizeBilinear or Unary or Quantize:
            case Pad pad when x.Shape.Rank > 0 && (pad.Before[^1] | pad.After[^1]) == 0:
            case MirrorPad mirror when x.Shape.Rank > 0 && (mirror.Before[^1] | mirror.After[^1]) == 0:
            case Mean mean when !mean.Axes.Contains(x.Shape.Rank - 1):
            case Reduce reduce when !reduce.Axes.Contains(x.Shape.Rank - 1):
            case Gather gather when gather.Axis != x.Shape.Rank - 1:
            case BroadcastTo when x.Channels() == y.Channels():
            case Transpose transpose when x.Shape.Rank > 0 && transpose.Permutation[^1] == x.Shape.Rank - 1:
                JoinEach(x, 0, y, 0, x.Channels(), classes);
                return true;
            case Binary:
                foreach (Tensor? input in node.Inputs.Where(input => input!.Channels() == y.Channels()))
                    JoinEach(input!, 0, y, 0, y.Channels(), classes);
                return true;
            case StridedSlice slice when x.Shape.Rank > 0 && slice.Strides[^1] == 1:
                JoinEach(x, slice.Begin[^1], y, 0, y.Channels(), classes);
                return true;
            case Concatenation concatenation:
                JoinConcatenation(node, concatenation.Axis == y.Shape.Rank - 1, classes);
                return true;
            case Reshape:
                JoinReshape(x, y, classes);
                return true;
            default:
                return false;
        }
    }

    private static void JoinEach(Tensor x, int firstX, Tensor y, int firstY, int count, ChannelClasses classes)
    {
        for (int i = 0; i < count; i++)
            classes.Join(x, firstX + i, y, firstY + i);
    }

    // The number of outputs must stay a multiple of the number of inputs; of a single input any number is.
    private static void JoinDepthwise(Tensor x, Tensor y, ChannelClasses classes)
    {
        int inputs = x.Channels();
        if (inputs == 1)
            return;
        int multiplier = y.Channels() / inputs;
        for (int output = 0; output < y.Channels(); output++)
            classes.Join(x, output / multiplier, y, output);
    }

    private static void JoinConcatenation(Node node, bool isLastAxis, ChannelClasses classes)
    {
        int offset = 0;
        foreach (Tensor? input in node.Inputs)
        {
            JoinEach(input!, 0, node.Output, offset, input!.Channels(), classes);
            offset += isLastAxis ? input!.Channels() : 0;
        }
    }

    // Both tensors are one sequence of elements; g divides both channel counts. Without the elements whose index modulo g is in some set, the sequences are
    // still equal, and those are whole channels of both.
    private static void JoinReshape(Tensor x, Tensor y, ChannelClasses classes)
    {
        int g = (int)BigInteger.GreatestCommonDivisor(x.Channels(), y.Channels());
        for (int i = 0; i < x.Channels(); i++)
            classes.Join(x, i, y, i % g);
        for (int i = 0; i < y.Channels(); i++)
            classes.Join(x, i % g, y, i);
    }
}
