using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Calibrating;

/// <summary>
/// A FullyConnected, Conv2D, DepthwiseConv2D or TransposeConv2D with constant weights, as a matrix product: at each position, an output of group g is the
/// dot product of its <see cref="Taps"/> weights with the patch of the input that g reads there, plus a bias. Padding counts as 0.
/// </summary>
public sealed class LinearNode
{
    private readonly int _outputStride;
    private readonly int _tapStride;

    private LinearNode(Node node, int groups, int taps, int outputs, int positions, bool isTapMajor = false)
    {
        Node = node;
        Groups = groups;
        Taps = taps;
        Outputs = outputs;
        Positions = positions;
        _outputStride = isTapMajor ? 1 : taps;
        _tapStride = isTapMajor ? outputs : 1;
    }

    /// <summary>The node.</summary>
    public Node Node { get; }

    /// <summary>Groups of outputs that read different channels: 1, a grouped convolution's groups, or a depthwise convolution's input channels.</summary>
    public int Groups { get; }

    /// <summary>Weights of one output, which is the length of a patch.</summary>
    public int Taps { get; }

    /// <summary>Output channels.</summary>
    public int Outputs { get; }

    /// <summary>Output channels of one group; group g has those from <c>g * OutputsPerGroup</c> on.</summary>
    public int OutputsPerGroup => Outputs / Groups;

    /// <summary>Output positions of one sample: patches of each group.</summary>
    public int Positions { get; }

    /// <summary>Reads a node; null for other operators, weights that are not constant and shapes that do not fit together.</summary>
    public static LinearNode? Of(Node node)
    {
        if (node.InputOrNull(1) is not { IsConstant: true } weights || node.InputOrNull(0) is not { } x || x.IsConstant)
            return null;
        Shape w = weights.Shape;
        return node.Operator switch
        {
            FullyConnected when w.Rank == 2 && w[1] > 0 && x.Shape.ElementCount % w[1] == 0 => new(node, 1, w[1], w[0], x.Shape.ElementCount / w[1]),
            Conv2D when x.Shape[3] % w[3] == 0 => new(node, x.Shape[3] / w[3], w[1] * w[2] * w[3], w[0], PositionsOf(node)),
            DepthwiseConv2D when w[3] % x.Shape[3] == 0 => new(node, x.Shape[3], w[1] * w[2], w[3], PositionsOf(node), isTapMajor: true),
            TransposeConv2D => new(node, 1, w[1] * w[2] * w[3], w[0], PositionsOf(node)),
            _ => null,
        };
    }

    /// <summary>Index of a weight in the row-major elements of the weight tensor.</summary>
    /// <param name="output">0 to <see cref="Outputs"/> - 1.</param>
    /// <param name="tap">0 to <see cref="Taps"/> - 1, in the order of the patch.</param>
    public int WeightIndex(int output, int tap) => output * _outputStride + tap * _tapStride;

    /// <summary>Copies what the outputs of a group read at a position.</summary>
    /// <param name="input">Elements of the node's input in the graph's layout, row-major.</param>
    /// <param name="position">0 to <see cref="Positions"/> - 1, in the order of the output's elements.</param>
    /// <param name="group">0 to <see cref="Groups"/> - 1.</param>
    /// <param name="patch">Takes <see cref="Taps"/> values.</param>
    public void Gather(ReadOnlySpan<float> input, int position, int group, Span<float> patch)
    {
        switch (Node.Operator)
        {
            case FullyConnected:
                input.Slice(position * Taps, Taps).CopyTo(patch);
                break;
            case Conv2D conv:
                GatherWindow(conv.Window, input, position, group, patch);
                break;
            case DepthwiseConv2D depthwise:
                GatherWindow(depthwise.Window, input, position, group, patch);
                break;
            case TransposeConv2D transposed:
                GatherTransposed(transposed.Window, input, position, patch);
                break;
            default:
                throw new InvalidOperationException($"{Node} has no patches.");
        }
    }

    private static int PositionsOf(Node node) => node.Output.Shape[0] * node.Output.Shape[1] * node.Output.Shape[2];

    private (int Sample, int Y, int X) Coordinates(int position)
    {
        Shape y = Node.Output.Shape;
        return (position / (y[1] * y[2]), position / y[2] % y[1], position % y[2]);
    }

    private void GatherWindow(Window window, ReadOnlySpan<float> input, int position, int group, Span<float> patch)
    {
        Shape x = Node.Input.Shape;
        int channels = x[3] / Groups;
        (int n, int oy, int ox) = Coordinates(position);
        patch.Clear();
        foreach ((int tap, int iy, int ix) in new WindowTaps(window, oy, ox, x[1], x[2]))
            input.Slice(((n * x[1] + iy) * x[2] + ix) * x[3] + group * channels, channels).CopyTo(patch[(tap * channels)..]);
    }

    private void GatherTransposed(Window window, ReadOnlySpan<float> input, int position, Span<float> patch)
    {
        Shape x = Node.Input.Shape;
        (int n, int oy, int ox) = Coordinates(position);
        patch.Clear();
        for (int ky = 0; ky < window.KernelHeight; ky++)
        {
            for (int kx = 0; kx < window.KernelWidth; kx++)
            {
                int y = oy + window.PadTop - ky * window.DilationHeight, column = ox + window.PadLeft - kx * window.DilationWidth;
                if (y < 0 || column < 0 || y % window.StrideHeight != 0 || column % window.StrideWidth != 0)
                    continue;
                int iy = y / window.StrideHeight, ix = column / window.StrideWidth;
                if (iy < x[1] && ix < x[2])
                    input.Slice(((n * x[1] + iy) * x[2] + ix) * x[3], x[3]).CopyTo(patch[((ky * window.KernelWidth + kx) * x[3])..]);
            }
        }
    }
}
