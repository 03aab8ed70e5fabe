using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Inspect;

/// <summary>Multiplications and weights of a layer.</summary>
/// <param name="Macs">Multiplications with a weight, padding included.</param>
/// <param name="MacsLive">Those whose weight is not 0.</param>
/// <param name="Weights">Elements of the weight tensor, biases apart.</param>
/// <param name="WeightsLive">Those that are not 0.</param>
public sealed record LayerCost(long Macs, long MacsLive, long Weights, long WeightsLive)
{
    /// <summary>A layer without weights.</summary>
    public static LayerCost None { get; } = new(0, 0, 0, 0);

    /// <summary>The cost of weights that are each used once for every position.</summary>
    /// <param name="weights">Number of weights.</param>
    /// <param name="live">Number of those that are not 0.</param>
    /// <param name="positions">Output elements of one channel (input elements for a transposed convolution), batches included.</param>
    public static LayerCost Of(long weights, long live, long positions) => new(weights * positions, live * positions, weights, live);

    /// <summary>The cost of a node of a graph.</summary>
    public static LayerCost Of(Node node)
    {
        if (node.Operator is not (Conv2D or DepthwiseConv2D or TransposeConv2D or FullyConnected) || node.InputOrNull(1) is not { IsConstant: true } weights)
            return None;
        int outputChannels = node.Operator is DepthwiseConv2D ? weights.Shape[-1] : weights.Shape[0];
        long live = weights.Reals().LongCount(value => value != 0);
        int positions = node.Operator is TransposeConv2D
            ? node.Input.Shape.ElementCount / node.Input.Shape[-1]
            : node.Output.Shape.ElementCount / outputChannels;
        return Of(weights.Shape.ElementCount, live, positions);
    }
}
