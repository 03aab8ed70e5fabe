using EdgeMl.Mcu.Toolchain.Calibrating;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>The layers of a graph that can be pruned.</summary>
internal static class PrunableLayers
{
    /// <summary>Linear layers with float or int8 weights of their own, of a size that the moments of their inputs fit in memory; in execution order.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="names">Names of the nodes that may change; all if null.</param>
    public static IReadOnlyList<LinearNode> Of(ModelGraph graph, IReadOnlyCollection<string>? names) =>
        [.. graph.Nodes.Where(node => names is null || names.Contains(node.Name)).Select(LinearNode.Of).OfType<LinearNode>()
            .Where(layer => layer.Taps <= MomentCollector.TapsMax && HasOwnWeights(graph, layer.Node))];

    /// <summary>The same layers; fails where there are none.</summary>
    /// <exception cref="ToolchainException"><see cref="ErrorCodes.NothingToPrune"/>.</exception>
    public static IReadOnlyList<LinearNode> Require(ModelGraph graph, IReadOnlyCollection<string>? names)
    {
        IReadOnlyList<LinearNode> layers = Of(graph, names);
        return layers.Count > 0 ? layers : throw new ToolchainException(ErrorCodes.NothingToPrune, $"'{graph.Name}' has no layer with weights that can be removed.",
            "Fully connected and convolution layers with constant weights of their own can be pruned.");
    }

    private static bool HasOwnWeights(ModelGraph graph, Node node)
    {
        Tensor weights = node.Inputs[1]!;
        bool isReadable = weights.Data is float[]
            || weights.Data is sbyte[] && weights.Quantization is not null && node.Input.Quantization is { IsPerChannel: false };
        return isReadable && graph.Nodes.Sum(other => other.Inputs.Count(input => input == weights)) == 1;
    }
}
