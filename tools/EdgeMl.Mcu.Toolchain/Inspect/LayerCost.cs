using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Inspect;

/// <summary>Multiplications and weights of a layer or a model.</summary>
/// <param name="Macs">Multiplications with a weight, padding included.</param>
/// <param name="Weights">Elements of the weight tensor, biases apart.</param>
public sealed record LayerCost(long Macs, long Weights)
{
    /// <summary>A layer without weights.</summary>
    public static LayerCost None { get; } = new(0, 0);

    /// <summary>The cost of weights that are each used once for every position.</summary>
    /// <param name="weights">Number of weights.</param>
    /// <param name="positions">Output elements of one channel (input elements for a transposed convolution), batches included.</param>
    public static LayerCost Of(long weights, long positions) => new(weights * positions, weights);

    /// <summary>The cost of a node of a graph.</summary>
    public static LayerCost Of(Node node)
    {
        if (node.Operator is Svdf)
            return Of(node.Inputs[1]!.Shape.ElementCount + node.Inputs[2]!.Shape.ElementCount, node.Input.Shape[0]);
        if (node.Operator is Lstm)
            return Of(node.Inputs.Skip(1).Take(8).Sum(weight => (long)weight!.Shape.ElementCount), (long)node.Input.Shape[0] * node.Input.Shape[1]);
        if (node.Operator is not (Conv2D or DepthwiseConv2D or TransposeConv2D or FullyConnected) || node.InputOrNull(1) is not { IsConstant: true } weights)
            return None;
        int outputChannels = node.Operator is DepthwiseConv2D ? weights.Shape[-1] : weights.Shape[0];
        int positions = node.Operator is TransposeConv2D
            ? node.Input.Shape.ElementCount / node.Input.Shape[-1]
            : node.Output.Shape.ElementCount / outputChannels;
        return Of(weights.Shape.ElementCount, positions);
    }

    /// <summary>The cost of a whole graph.</summary>
    public static LayerCost Of(ModelGraph graph)
    {
        LayerCost[] layers = [.. graph.Nodes.Select(Of)];
        return new(layers.Sum(layer => layer.Macs), layers.Sum(layer => layer.Weights));
    }
}
