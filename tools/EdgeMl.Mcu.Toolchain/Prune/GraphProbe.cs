using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>A model's outputs of some samples with other weights in one node.</summary>
/// <param name="node">The node; not before that of an earlier call.</param>
/// <param name="weights">Its weights, or null for its own.</param>
/// <param name="cancellation">Stops between samples.</param>
internal delegate IReadOnlyList<float[]>[] WeightProbe(Node node, LayerWeights? weights, CancellationToken cancellation);

/// <summary>Tries other weights in one node of a graph at a time. What lies before the node runs once for all tries.</summary>
internal sealed class GraphProbe
{
    private readonly ModelGraph _graph;
    private readonly ActivationPrecision _precision;
    private readonly SampleStates _states;

    /// <summary>Prepares a graph and samples.</summary>
    public GraphProbe(ModelGraph graph, IReadOnlyList<float[][]> samples, ActivationPrecision precision)
    {
        _graph = graph;
        _precision = precision;
        _states = SampleStates.Start(graph, samples, precision);
    }

    /// <summary>The graph's outputs of all samples; see <see cref="WeightProbe"/>.</summary>
    public IReadOnlyList<float[]>[] Outputs(Node node, LayerWeights? weights, CancellationToken cancellation)
    {
        int index = _graph.Nodes.IndexOf(node);
        while (_states.Next < index)
            _states.Advance(cancellation);
        ModelGraph section = GraphSections.Slice(_graph, index, _graph.Nodes.Count);
        if (weights is not null)
        {
            var replacement = new Node(node.Name, node.Operator, node.Inputs, [.. node.Outputs]);
            weights.WriteTo(replacement);
            section.Nodes[0] = replacement;
        }
        var executor = new FloatExecutor(section, _precision);
        float[][][] inputs = [.. section.Inputs.Select(port => _states.Values(port.Tensor))];
        IReadOnlyList<float[]>[] results = executor.RunBatch([.. Enumerable.Range(0, _states.SampleCount).Select(sample => inputs.Select(values => values[sample]).ToArray())], cancellation);
        int[] places = [.. _graph.Outputs.Select(port => section.Outputs.FindIndex(output => output.Tensor == port.Tensor))];
        return [.. results.Select((own, sample) => places.Select((place, i) => place >= 0 ? own[place] : _states.Values(_graph.Outputs[i].Tensor)[sample]).ToArray())];
    }
}
