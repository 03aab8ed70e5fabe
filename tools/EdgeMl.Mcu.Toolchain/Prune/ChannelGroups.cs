using EdgeMl.Mcu.Toolchain.Calibrating;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Passes.Channels;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>Finds the channels of a graph that can be removed.</summary>
internal static class ChannelGroups
{
    /// <summary>The groups of channels that are 0 everywhere once the weights and biases that compute them are, and that no port needs.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="layers">The layers that can be pruned.</param>
    /// <param name="sample">Real inputs.</param>
    /// <param name="precision">Values that activations can take.</param>
    public static IReadOnlyList<ChannelGroup> Find(ModelGraph graph, IReadOnlyList<LinearNode> layers, float[][] sample, ActivationPrecision precision)
    {
        var byNode = layers.Where(CanChange).ToDictionary(layer => layer.Node);
        ChannelClasses classes = ChannelDemand.Links(graph, byNode.ContainsKey, node => byNode.TryGetValue(node, out LinearNode? layer) && IsDense(layer), IsUniform);
        var outputs = new Dictionary<int, List<(LinearNode, int)>>();
        var inputs = new Dictionary<int, List<(LinearNode, int[])>>();
        foreach (LinearNode layer in byNode.Values)
        {
            Tensor x = layer.Node.Input, y = layer.Node.Output;
            for (int output = 0; output < layer.Outputs; output++)
                Add(outputs, classes.SetOf(y, output), (layer, output));
            if (!IsDense(layer))
                continue;
            foreach (IGrouping<int, int> taps in Enumerable.Range(0, layer.Taps).GroupBy(tap => classes.SetOf(x, tap % x.Channels())))
                Add(inputs, taps.Key, (layer, taps.ToArray()));
        }
        var candidates = outputs.Keys.Where(set => !classes.IsSetKept(set)).ToHashSet();
        candidates.ExceptWith(NotZero(graph, classes, candidates, outputs, sample, precision));
        return [.. candidates.Order().Select(set => new ChannelGroup(outputs[set], inputs.GetValueOrDefault(set) ?? []))];
    }

    private static bool CanChange(LinearNode layer) =>
        layer.Node.Operator is Conv2D or DepthwiseConv2D or FullyConnected
        && layer.Taps % (layer.Node.Operator is DepthwiseConv2D || layer.Groups > 1 ? 1 : layer.Node.Input.Channels()) == 0
        && layer.Outputs == layer.Node.Output.Channels()
        && (layer.Node.InputOrNull(2) is null || LayerWeights.Of(layer).Bias is not null);

    private static bool IsDense(LinearNode layer) => layer.Groups == 1 && layer.Node.Operator is not DepthwiseConv2D;

    // Constants of int8 graphs lose channels too; in a file of reals they stay.
    private static bool IsUniform(Node node) => node.IsInt8()
        || node.Outputs.Concat(node.Inputs.OfType<Tensor>()).All(tensor => tensor.Type == ElementType.Float32 && (!tensor.IsConstant || tensor.Shape.ElementCount == 1));

    /// <summary>Sets with a channel that is not 0 although all that could be removed is.</summary>
    private static HashSet<int> NotZero(
        ModelGraph graph, ChannelClasses classes, HashSet<int> candidates, Dictionary<int, List<(LinearNode Layer, int Output)>> outputs, float[][] sample, ActivationPrecision precision)
    {
        ModelGraph without = graph.Copy();
        foreach (IGrouping<LinearNode, int> rows in candidates.SelectMany(set => outputs[set]).GroupBy(pair => pair.Layer, pair => pair.Output))
            LayerWeights.Of(rows.Key).Without(rows.ToHashSet()).WriteTo(without.Nodes[graph.Nodes.IndexOf(rows.Key.Node)]);
        var found = new HashSet<int>();
        var originals = graph.Nodes.Zip(without.Nodes).SelectMany(pair => pair.First.Outputs.Zip(pair.Second.Outputs)).ToDictionary(pair => pair.Second, pair => pair.First);
        new FloatExecutor(without, precision).Run(sample, (tensor, values) =>
        {
            if (!originals.TryGetValue(tensor, out Tensor? original) || !classes.Contains(original))
                return;
            for (int i = 0; i < values.Length; i++)
            {
                if (values[i] != 0 && classes.SetOf(original, i % original.Channels()) is var set && candidates.Contains(set))
                    found.Add(set);
            }
        });
        return found;
    }

    private static void Add<T>(Dictionary<int, List<T>> lists, int key, T value)
    {
        if (!lists.TryGetValue(key, out List<T>? list))
            lists.Add(key, list = []);
        list.Add(value);
    }
}
