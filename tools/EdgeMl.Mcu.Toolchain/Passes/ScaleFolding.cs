using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes;

/// <summary>
/// Folds multiplications and additions of per-channel constants into the layer before them, or into the one after them
/// (additions only where that one does not pad, because its padding is 0).
/// </summary>
public static class ScaleFolding
{
    /// <summary>Runs the pass; true where it changed something.</summary>
    public static bool Apply(ModelGraph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (ChannelConstant.Read(node) is { } constant)
                changed |= TryFoldBefore(graph, node, constant) || TryFoldAfter(graph, node, constant);
        }
        return changed;
    }

    private static bool TryFoldBefore(ModelGraph graph, Node node, ChannelConstant constant)
    {
        if (graph.OnlyConsumer(constant.Input) != node || graph.Producer(constant.Input) is not { } producer
            || LinearLayer.Of(producer) is not { Activation: Activation.None } layer || layer.Outputs != constant.Factor.Length)
        {
            return false;
        }
        layer.ScaleOutputs(graph, constant.Factor, constant.Addend);
        graph.AbsorbFollowing(producer, node);
        return true;
    }

    private static bool TryFoldAfter(ModelGraph graph, Node node, ChannelConstant constant)
    {
        Node? reshape = graph.OnlyConsumer(node.Output) is { Operator: Reshape } next ? next : null;
        Tensor value = (reshape ?? node).Output;
        if (graph.OnlyConsumer(value) is not { } consumer || consumer.Input != value || LinearLayer.Of(consumer) is not { } layer
            || reshape is not null && consumer.Operator is not FullyConnected
            || layer.Inputs % constant.Factor.Length != 0 || layer.HasPadding && constant.Addend.Any(addend => addend != 0))
        {
            return false;
        }
        // Flattened channels repeat, because they are the innermost axis.
        layer.ScaleInputs(graph, Repeat(constant.Factor, layer.Inputs), Repeat(constant.Addend, layer.Inputs));
        (reshape ?? consumer).Inputs[0] = constant.Input;
        graph.Nodes.Remove(node);
        return true;
    }

    private static float[] Repeat(float[] values, int count)
    {
        var result = new float[count];
        for (int i = 0; i < count; i++)
            result[i] = values[i % values.Length];
        return result;
    }
}
