using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes.Channels;

/// <summary>Bounds of every int8 tensor that hold for every possible input of the graph: each element of its inputs may be anything from -128 to 127.</summary>
public sealed class IntervalAnalysis
{
    private readonly Dictionary<Tensor, ValueInterval[]> _intervals = [];

    private IntervalAnalysis()
    {
    }

    /// <summary>Analyses a graph in execution order.</summary>
    public static IntervalAnalysis Of(ModelGraph graph)
    {
        var analysis = new IntervalAnalysis();
        foreach (Node node in graph.Nodes)
        {
            ValueInterval[]? bounds = Int8Layer.TryRead(node) is { } layer
                ? AccumulatorBounds.Of(layer, analysis.Channels(node.Input))
                : node.IsInt8() ? OperatorBounds.Of(node, analysis.Channels) : null;
            if (bounds is not null)
                analysis._intervals[node.Output] = bounds;
        }
        return analysis;
    }

    /// <summary>Bounds of each channel (slice along the last axis) of an int8 tensor; the whole range where nothing better is known.</summary>
    public ValueInterval[] Channels(Tensor tensor)
    {
        if (_intervals.TryGetValue(tensor, out ValueInterval[]? known))
            return known;
        ValueInterval[] bounds = tensor.Data is sbyte[] data
            ? OperatorBounds.Hull(data, tensor.Channels())
            : [.. Enumerable.Repeat(ValueInterval.Any, tensor.Channels())];
        _intervals[tensor] = bounds;
        return bounds;
    }
}
