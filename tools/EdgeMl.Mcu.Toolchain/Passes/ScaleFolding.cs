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
        if (graph.OnlyConsumer(node.Output) is not { } consumer || consumer.Input != node.Output || LinearLayer.Of(consumer) is not { } layer
            || layer.Inputs != constant.Factor.Length || layer.HasPadding && constant.Addend.Any(value => value != 0))
        {
            return false;
        }
        layer.ScaleInputs(graph, constant.Factor, constant.Addend);
        consumer.Inputs[0] = constant.Input;
        graph.Nodes.Remove(node);
        return true;
    }
}
