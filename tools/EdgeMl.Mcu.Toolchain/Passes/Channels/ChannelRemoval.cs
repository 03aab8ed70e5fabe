using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes.Channels;

/// <summary>Takes channels out of a graph: out of weights, biases and scales, of slices' offsets, of constants and of all shapes.</summary>
internal static class ChannelRemoval
{
    /// <summary>Removes the channels that need not stay.</summary>
    public static void Apply(ModelGraph graph, IReadOnlyList<Int8Layer> layers, IntervalAnalysis intervals, ChannelClasses classes)
    {
        foreach (Int8Layer layer in layers)
        {
            if (layer.IsDense)
                RemoveFromDense(graph, layer, intervals, classes);
            else if (classes.Kept(layer.Node.Output) is var isKept && isKept.Contains(false))
                RemoveFromDepthwise(graph, layer.Node, isKept);
        }
        foreach (Node node in graph.Nodes)
        {
            if (node.Operator is StridedSlice slice && node.Input.Shape.Rank > 0)
                node.Operator = slice with { Begin = [.. slice.Begin[..^1], classes.Kept(node.Input).Take(slice.Begin[^1]).Count(kept => kept)] };
        }
        foreach (Tensor tensor in classes.Tensors)
        {
            bool[] kept = classes.Kept(tensor);
            if (!kept.Contains(false))
                continue;
            if (tensor.Data is sbyte[] data)
                tensor.Data = ChannelAxis.Slice(data, kept);
            tensor.Shape = tensor.Shape.With(-1, kept.Count(isKept => isKept));
        }
    }

    private static void RemoveFromDense(ModelGraph graph, Int8Layer layer, IntervalAnalysis intervals, ChannelClasses classes)
    {
        Node node = layer.Node;
        bool[] isKept = classes.Kept(node.Input);
        int[] outputs = ChannelAxis.Indices(classes.Kept(node.Output));
        int[] inputs = [.. Enumerable.Range(0, layer.FilterInputs).Where(input => isKept[layer.InputChannel(0, input)])];
        if (outputs.Length == layer.Outputs && inputs.Length == layer.FilterInputs)
            return;
        int taps = layer.KernelHeight * layer.KernelWidth;
        var weights = new sbyte[outputs.Length * taps * inputs.Length];
        int next = 0;
        foreach (int output in outputs)
        {
            for (int tap = 0; tap < taps; tap++)
            {
                foreach (int input in inputs)
                    weights[next++] = (sbyte)(layer.Weight(output, tap, input) + layer.WeightZeroPoint);
            }
        }
        int[] bias = [.. outputs.Select(output => FoldedBias(layer, intervals.Channels(node.Input), isKept, output))];
        Shape shape = node.Inputs[1]!.Shape.With(0, outputs.Length).With(-1, inputs.Length);
        Replace(graph, node, shape, weights, bias, outputs);
    }

    /// <summary>The bias with the share of the constant channels that go, modulo 2^32 as the accumulator; other channels that go have weights of 0.</summary>
    private static int FoldedBias(Int8Layer layer, ValueInterval[] values, bool[] isKept, int output)
    {
        int bias = layer.Bias(output);
        for (int input = 0; input < layer.FilterInputs; input++)
        {
            int channel = layer.InputChannel(output, input);
            if (isKept[channel] || !ChannelDemand.IsFoldable(layer, values[channel]))
                continue;
            for (int tap = 0; tap < layer.KernelHeight * layer.KernelWidth; tap++)
                bias = unchecked(bias + (layer.Weight(output, tap, input) * (values[channel].Low - layer.InputZeroPoint)));
        }
        return bias;
    }

    private static void RemoveFromDepthwise(ModelGraph graph, Node node, bool[] isKept)
    {
        int[] outputs = ChannelAxis.Indices(isKept);
        Tensor weights = node.Inputs[1]!;
        var bias = node.InputOrNull(2)?.Data as int[];
        Replace(graph, node, weights.Shape.With(-1, outputs.Length), ChannelAxis.Slice((sbyte[])weights.Data!, isKept), [.. outputs.Select(output => bias?[output] ?? 0)], outputs);
    }

    private static void Replace(ModelGraph graph, Node node, Shape shape, sbyte[] weights, int[] bias, int[] outputs)
    {
        Tensor old = node.Inputs[1]!;
        node.Inputs[1] = new Tensor(graph.UniqueName(old.Name + "_live"), old.Type, shape, Slice(old.Quantization!, outputs), weights);
        Tensor? oldBias = node.InputOrNull(2);
        if (oldBias is null && Array.TrueForAll(bias, value => value == 0))
            return;
        string name = graph.UniqueName(oldBias is null ? node.Name + "_bias" : oldBias.Name + "_live");
        Quantization? quantization = oldBias?.Quantization is { } own ? Slice(own, outputs) : null;
        var tensor = new Tensor(name, ElementType.Int32, new Shape(bias.Length), quantization, bias);
        if (node.Inputs.Count > 2)
            node.Inputs[2] = tensor;
        else
            node.Inputs.Add(tensor);
    }

    private static Quantization Slice(Quantization quantization, int[] outputs) => quantization.IsPerChannel
        ? quantization with { Scales = [.. outputs.Select(output => quantization.Scales[output])], ZeroPoints = [.. outputs.Select(output => quantization.ZeroPoints[output])] }
        : quantization;
}
