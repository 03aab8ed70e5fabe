using EdgeMl.Mcu.Toolchain.Calibrating;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>The layers of a graph, each with what it reads and the order in which its weights go, and how many go from each.</summary>
internal sealed class PruningPlan
{
    /// <summary>Samples whose outputs show what a layer means to the model.</summary>
    public const int ProbeSamples = 64;

    private static readonly double[] ProbedSparsities = [0.25, 0.5, 0.65, 0.8, 0.9, 0.95, 1];

    private readonly Dictionary<Node, LayerPlan> _layers = [];

    private PruningPlan()
    {
    }

    /// <summary>How many weights go from each layer.</summary>
    public required IReadOnlyDictionary<Node, int> Counts { get; init; }

    /// <summary>The plan of a layer; null for other nodes.</summary>
    public LayerPlan? Of(Node node) => _layers.GetValueOrDefault(node);

    /// <summary>The weights of a layer that makes up for its own zeros and for changed inputs; see <see cref="LayerEdit"/>.</summary>
    public LayerWeights? Edit(Node node, LayerInputs? changed, PruningOptions options, CancellationToken cancellation)
    {
        LayerPlan layer = _layers[node];
        int count = Counts[node];
        if (changed is null)
            return count == 0 ? null : layer.Surgery.Compensate(layer.Order.Keep(layer.Weights, count), cancellation);
        var surgery = new LayerSurgery(layer.Weights, changed, options.Damping);
        bool[][] isKept = count == 0 ? layer.Weights.NonZero() : surgery.Order(options.Granularity, cancellation).Keep(layer.Weights, count);
        return surgery.Compensate(isKept, cancellation);
    }

    /// <summary>Measures how much the outputs depend on each layer, and distributes the removal of weights.</summary>
    /// <param name="layers">The layers that may change, in execution order.</param>
    /// <param name="moments">What they read.</param>
    /// <param name="outputs">Tries weights on <see cref="ProbeSamples"/> samples at most.</param>
    /// <param name="options">Sparsity, granularity, damping.</param>
    /// <param name="completed">Told the finished part, 0 to 1.</param>
    /// <param name="cancellation">Stops between samples and between layers.</param>
    public static PruningPlan Measure(
        IReadOnlyList<LayerWeights> layers, IReadOnlyDictionary<Node, LayerMoments> moments, WeightProbe outputs, PruningOptions options, Action<double> completed, CancellationToken cancellation)
    {
        var plans = new List<LayerPlan>();
        var costs = new List<(Node, IReadOnlyList<Removal>, double[])>();
        long done = 0, all = layers.Sum(layer => Work(layer.Layer));
        foreach (LayerWeights layer in layers)
        {
            var inputs = LayerInputs.Of(moments[layer.Layer.Node]);
            var surgery = new LayerSurgery(layer, inputs, options.Damping);
            RemovalOrder order = surgery.Order(options.Granularity, cancellation);
            plans.Add(new LayerPlan(layer, surgery, order));
            costs.Add((layer.Layer.Node, order.Removals, SparsityAllocation.Costs(order.Removals, [.. Probe(outputs, layer, surgery, order, cancellation)])));
            completed((double)(done += Work(layer.Layer)) / all);
        }
        long target = (long)Math.Round(options.Sparsity * layers.Sum(layer => (long)layer.Count), MidpointRounding.AwayFromZero);
        var plan = new PruningPlan { Counts = SparsityAllocation.Allocate(costs, target) };
        foreach (LayerPlan layer in plans)
            plan._layers.Add(layer.Weights.Layer.Node, layer);
        return plan;
    }

    /// <summary>Operations that the surgery of a layer needs, roughly.</summary>
    public static long Work(LinearNode layer)
    {
        int parts = TapParts.Of(layer.Taps).Length;
        long taps = layer.Taps / parts;
        return (parts * layer.Outputs * taps * taps * taps) + 1;
    }

    /// <summary>At most a number of samples, evenly from all.</summary>
    public static IReadOnlyList<float[][]> Thinned(IReadOnlyList<float[][]> samples, long count) =>
        samples.Count <= count ? samples : [.. Enumerable.Range(0, (int)count).Select(i => samples[(int)((long)i * samples.Count / count)])];

    private static IEnumerable<NoisePoint> Probe(WeightProbe outputs, LayerWeights layer, LayerSurgery surgery, RemovalOrder order, CancellationToken cancellation)
    {
        IReadOnlyList<float[]>[] original = outputs(layer.Layer.Node, null, cancellation);
        foreach (double sparsity in ProbedSparsities)
        {
            int count = (int)Math.Ceiling(sparsity * layer.Count);
            LayerWeights pruned = surgery.Compensate(order.Keep(layer, count), cancellation);
            yield return new NoisePoint(count, OutputNoise.Ratio(original, outputs(layer.Layer.Node, pruned, cancellation)));
        }
    }
}

/// <summary>A layer before anything is pruned.</summary>
/// <param name="Weights">Its weights.</param>
/// <param name="Surgery">Its error.</param>
/// <param name="Order">The order in which weights go.</param>
internal sealed record LayerPlan(LayerWeights Weights, LayerSurgery Surgery, RemovalOrder Order);
