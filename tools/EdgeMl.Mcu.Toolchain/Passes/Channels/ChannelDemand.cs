using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes.Channels;

/// <summary>
/// Which channels the outputs of a graph need. The least fixpoint of: ports need all their channels; a linear layer needs an input channel if some output channel
/// that stays multiplies it with a weight other than 0, unless its value is one constant that moves into the bias; every other operator needs an input
/// channel if the output channel of the same place stays.
/// </summary>
internal static class ChannelDemand
{
    /// <summary>The channels that stay; every tensor has at least one.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="layers">Its linear layers.</param>
    /// <param name="intervals">Bounds of its tensors.</param>
    public static ChannelClasses Of(ModelGraph graph, IReadOnlyList<Int8Layer> layers, IntervalAnalysis intervals)
    {
        var byNode = layers.ToDictionary(layer => layer.Node);
        ChannelClasses classes = Links(graph, byNode.ContainsKey, node => byNode.TryGetValue(node, out Int8Layer? layer) && layer.IsDense, ChannelAxis.IsInt8);
        Int8Layer[] dense = [.. layers.Where(layer => layer.IsDense).Reverse()];
        bool isChanged = true;
        while (isChanged)
        {
            isChanged = false;
            foreach (Int8Layer layer in dense)
                isChanged |= KeepInputs(layer, intervals, classes) | KeepOutputs(layer, classes);
            // From the outputs on, one at a time: what it needs may be a channel of the next one.
            if (!isChanged && classes.Tensors.LastOrDefault(tensor => !classes.Kept(tensor).Contains(true)) is { } empty)
                isChanged = classes.Keep(empty, 0);
        }
        return classes;
    }

    /// <summary>Whether the value of a channel can move into a layer's bias: at a border, the taps outside the input have the value of the zero point instead.</summary>
    public static bool IsFoldable(Int8Layer layer, ValueInterval channel) =>
        channel.IsConstant && (layer.Taps.IsAlwaysInside || channel.Low == layer.InputZeroPoint);

    /// <summary>Which channels can only stay or go together, and those that ports need.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="isLayer">Whether a node is a linear layer whose weights are known.</param>
    /// <param name="isDense">Whether every output of such a layer reads every input channel.</param>
    /// <param name="isUniform">Whether channels can be taken out of all inputs and outputs of another node.</param>
    public static ChannelClasses Links(ModelGraph graph, Func<Node, bool> isLayer, Func<Node, bool> isDense, Func<Node, bool> isUniform)
    {
        var classes = new ChannelClasses();
        foreach (Tensor tensor in graph.Inputs.Concat(graph.Outputs).Select(port => port.Tensor))
        {
            classes.Add(tensor);
            classes.KeepAll(tensor);
        }
        foreach (Node node in graph.Nodes)
        {
            foreach (Tensor tensor in Data(node))
                classes.Add(tensor);
        }
        foreach (Tensor constant in classes.Tensors.Where(tensor => tensor.IsConstant && graph.Nodes.Sum(node => node.Inputs.Count(input => input == tensor)) > 1))
            classes.KeepAll(constant);
        foreach (Node node in graph.Nodes)
        {
            if (!isDense(node))
                ChannelLinks.Add(node, isLayer(node), isUniform(node), classes);
        }
        return classes;
    }

    /// <summary>The tensors of a node without weights and biases.</summary>
    private static IEnumerable<Tensor> Data(Node node)
    {
        bool isLinear = node.Operator is Conv2D or DepthwiseConv2D or FullyConnected;
        return node.Inputs.OfType<Tensor>().Where((tensor, i) => !isLinear || i == 0 || !tensor.IsConstant).Concat(node.Outputs);
    }

    private static bool KeepInputs(Int8Layer layer, IntervalAnalysis intervals, ChannelClasses classes)
    {
        Tensor x = layer.Node.Input;
        ValueInterval[] values = intervals.Channels(x);
        int[] outputs = ChannelAxis.Indices(classes.Kept(layer.Node.Output));
        bool isChanged = false;
        for (int input = 0; input < layer.FilterInputs; input++)
        {
            int channel = layer.InputChannel(0, input);
            if (!classes.IsKept(x, channel) && !IsFoldable(layer, values[channel]) && Array.Exists(outputs, output => HasWeight(layer, output, input)))
                isChanged |= classes.Keep(x, channel);
        }
        return isChanged;
    }

    // With one output left, a FullyConnected with one scale a channel would look like one with one scale for all, whose rescaling is rounded in another way.
    private static bool KeepOutputs(Int8Layer layer, ChannelClasses classes)
    {
        Tensor y = layer.Node.Output;
        if (layer.Node.Operator is not FullyConnected || !layer.Node.Inputs[1]!.Quantization!.IsPerChannel)
            return false;
        bool[] isKept = classes.Kept(y);
        return isKept.Count(kept => kept) == 1 && classes.Keep(y, Array.IndexOf(isKept, false));
    }

    private static bool HasWeight(Int8Layer layer, int output, int input)
    {
        for (int tap = 0; tap < layer.KernelHeight * layer.KernelWidth; tap++)
        {
            if (layer.Weight(output, tap, input) != 0)
                return true;
        }
        return false;
    }
}
