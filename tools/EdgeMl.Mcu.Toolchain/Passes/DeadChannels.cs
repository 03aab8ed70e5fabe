using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Passes.Channels;

namespace EdgeMl.Mcu.Toolchain.Passes;

/// <summary>
/// Removes channels that provably cannot influence the outputs of an int8 graph: those that have one value for every input of the graph, which moves into the
/// biases of their readers, and those that nothing multiplies with a weight other than 0. The outputs stay the same bits.
/// </summary>
public static class DeadChannels
{
    /// <summary>Runs the pass; true where it changed something.</summary>
    public static bool Apply(ModelGraph graph)
    {
        Int8Layer[] layers = [.. graph.Nodes.Select(Int8Layer.TryRead).OfType<Int8Layer>()];
        IntervalAnalysis intervals = IntervalAnalysis.Of(graph);
        ChannelClasses classes = ChannelDemand.Of(graph, layers, intervals);
        if (classes.Tensors.All(tensor => !classes.Kept(tensor).Contains(false)))
            return false;
        ChannelRemoval.Apply(graph, layers, intervals, classes);
        return true;
    }
}
