using EdgeMl.Mcu.Toolchain.Calibrating;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>
/// Prunes whole channels: the weights and the bias of an output become 0, and the layers that read it make up for it. Channels go in rounds, each of which
/// weighs those that are left in the graph that is pruned so far, so that of several that can stand in for each other one stays.
/// </summary>
internal sealed class ChannelPruner
{
    private const int Rounds = 6;
    private const int RoundSamples = 256;
    private const int ProbeSamples = 64;

    // A change that all layers get alike, to see what their error means to the outputs.
    private const int ProbeBits = 3;

    private readonly ModelGraph _graph;
    private readonly IReadOnlyList<float[][]> _samples;
    private readonly ActivationPrecision _precision;
    private readonly PruningOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly IReadOnlyList<LinearNode> _layers;
    private readonly IReadOnlyList<ChannelGroup> _groups;
    private readonly IReadOnlyDictionary<Node, LayerMoments> _moments;
    private readonly Dictionary<Node, double> _noisePerError = [];

    public ChannelPruner(ModelGraph graph, IReadOnlyList<float[][]> samples, ActivationPrecision precision, PruningOptions options, CancellationToken cancellation)
    {
        _graph = graph;
        _samples = samples;
        _precision = precision;
        _options = options;
        _cancellation = cancellation;
        _layers = PrunableLayers.Require(graph, options.Nodes);
        _groups = ChannelGroups.Find(graph, _layers, samples[0], precision);
        _moments = MomentCollector.Collect(graph, samples, _layers.Select(layer => layer.Node), precision, null, cancellation);
        MeasureNoise();
    }

    /// <summary>Prunes a copy of the graph; what is gone stands there as zeros.</summary>
    /// <param name="completed">Told the finished part, 0 to 1.</param>
    /// <exception cref="ToolchainException"><see cref="ErrorCodes.SparsityOutOfReach"/>.</exception>
    public (ModelGraph Graph, ChannelSelection Selection) Prune(Action<double> completed)
    {
        long all = _layers.Sum(layer => (long)layer.Outputs * layer.Taps);
        var selection = new ChannelSelection(_layers);
        ModelGraph current = _graph;
        for (int round = 1; round <= Rounds; round++)
        {
            Choose(selection, current, (long)Math.Round(_options.Sparsity * all * round / Rounds, MidpointRounding.AwayFromZero));
            bool isLast = round == Rounds;
            if (isLast && selection.Removed < (long)Math.Round(_options.Sparsity * all, MidpointRounding.AwayFromZero))
            {
                throw new ToolchainException(ErrorCodes.SparsityOutOfReach,
                    $"Whole channels make up at most {(double)selection.Removed / all:P1} of the weights of '{_graph.Name}'; {_options.Sparsity:P1} cannot be removed that way.",
                    "Ask for less, or prune weights or blocks.");
            }
            if (isLast && _options.Method == PruningMethod.Magnitude)
                selection = ByMagnitude(selection);
            int first = round - 1;
            current = Edit(selection, isLast ? _samples : PruningPlan.Thinned(_samples, RoundSamples), part => completed((first + part) / Rounds));
        }
        return (current, selection);
    }

    /// <summary>How much noise at the outputs goes with a unit of each layer's own error.</summary>
    private void MeasureNoise()
    {
        var probe = new GraphProbe(_graph, PruningPlan.Thinned(_samples, ProbeSamples), _precision);
        foreach (LinearNode layer in _layers)
        {
            LayerWeights weights = LayerWeights.Of(layer), coarse = weights.RoundedTo(ProbeBits);
            double error = SurgeryOn(weights, _moments[layer.Node]).Error(coarse);
            double noise = OutputNoise.Ratio(probe.Outputs(layer.Node, null, _cancellation), probe.Outputs(layer.Node, coarse, _cancellation));
            _noisePerError[layer.Node] = error > 0 ? noise / error : 0;
        }
    }

    private void Choose(ChannelSelection selection, ModelGraph current, long target)
    {
        IReadOnlyDictionary<Node, LayerMoments> moments = current == _graph
            ? _moments
            : MomentCollector.Collect(current, PruningPlan.Thinned(_samples, RoundSamples), null, _precision, null, _cancellation);
        var surgeries = new Dictionary<Node, LayerSurgery>();
        foreach (LinearNode layer in _layers)
        {
            Node node = current.Nodes[_graph.Nodes.IndexOf(layer.Node)];
            surgeries[layer.Node] = SurgeryOn(LayerWeights.Of(LinearNode.Of(node)!), moments[node]);
        }
        var costs = _groups.Where(group => !selection.Contains(group)).Select(group =>
            (Group: group, Noise: group.Inputs.Sum(input => _noisePerError[input.Layer.Node] * surgeries[input.Layer.Node].LossOf(input.Taps)))).ToList();
        while (selection.Removed < target)
        {
            int best = -1;
            double least = double.PositiveInfinity;
            for (int i = 0; i < costs.Count; i++)
            {
                double cost = costs[i].Noise / Math.Max(1, selection.Weights(costs[i].Group));
                if (cost < least && selection.CanRemove(costs[i].Group))
                    (best, least) = (i, cost);
            }
            if (best < 0)
                return;
            selection.Remove(costs[best].Group);
            costs.RemoveAt(best);
        }
    }

    private LayerSurgery SurgeryOn(LayerWeights weights, LayerMoments moments) => new(weights, LayerInputs.Of(moments), _options.Damping);

    private ModelGraph Edit(ChannelSelection selection, IReadOnlyList<float[][]> samples, Action<double> completed)
    {
        return SequentialPruner.Prune(_graph, _layers, samples, _precision, Edit, completed, _cancellation);

        LayerWeights? Edit(Node node, LayerInputs? changed)
        {
            LayerWeights weights = LayerWeights.Of(LinearNode.Of(node)!);
            bool[][] isKept = selection.Keep(weights);
            if (_options.Method == PruningMethod.Magnitude)
                return selection.Touches(node) ? weights.Only(isKept).Without(selection.RemovedOutputs(node)) : null;
            return changed is null && !selection.Touches(node)
                ? null
                : new LayerSurgery(weights, changed ?? LayerInputs.Of(_moments[node]), _options.Damping).Compensate(isKept, _cancellation).Without(selection.RemovedOutputs(node));
        }
    }

    /// <summary>As many groups from each set of layers, those with the least mean square weight.</summary>
    private ChannelSelection ByMagnitude(ChannelSelection selection)
    {
        var result = new ChannelSelection(_layers);
        foreach (IGrouping<string, ChannelGroup> alike in _groups.GroupBy(group => string.Join('\n', group.Outputs.Select(pair => pair.Layer.Node.Name).Distinct())))
        {
            foreach (ChannelGroup group in alike.OrderBy(Magnitude).Take(alike.Count(selection.Contains)))
                result.Remove(group);
        }
        return result;
    }

    private static double Magnitude(ChannelGroup group) => group.Outputs.Average(pair => LayerWeights.Of(pair.Layer).Rows[pair.Output].Average(weight => weight * weight));
}
