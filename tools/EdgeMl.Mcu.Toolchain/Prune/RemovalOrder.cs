namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>One step in the pruning of a layer.</summary>
/// <param name="Bundle">Index of the bundle that loses a tap.</param>
/// <param name="Tap">The tap.</param>
/// <param name="Weights">Number of weights that go.</param>
/// <param name="Loss">What they add to the layer's error.</param>
internal readonly record struct Removal(int Bundle, int Tap, int Weights, double Loss);

/// <summary>The weights of a layer in the order in which they go, least loss first.</summary>
internal sealed class RemovalOrder
{
    private readonly Bundle[] _bundles;

    private RemovalOrder(Bundle[] bundles, Removal[] removals)
    {
        _bundles = bundles;
        Removals = removals;
    }

    /// <summary>All weights, in order.</summary>
    public IReadOnlyList<Removal> Removals { get; }

    /// <summary>Merges the orders of bundles. Each stays as it is; what comes first is what then costs least a weight.</summary>
    public static RemovalOrder Merge(Bundle[] bundles, Elimination[] eliminations)
    {
        var queue = new PriorityQueue<(int Bundle, int Step), (double Loss, int Bundle)>();
        for (int b = 0; b < bundles.Length; b++)
            queue.Enqueue((b, 0), (eliminations[b].Losses[0] / bundles[b].Count, b));
        var removals = new List<Removal>();
        while (queue.TryDequeue(out (int Bundle, int Step) next, out (double Loss, int) priority))
        {
            (int b, int step) = next;
            Elimination own = eliminations[b];
            removals.Add(new Removal(b, own.Order[step], bundles[b].Count, own.Losses[step]));
            if (++step < own.Order.Length)
                queue.Enqueue((b, step), (Math.Max(priority.Loss, own.Losses[step] / bundles[b].Count), b));
        }
        return new RemovalOrder(bundles, [.. removals]);
    }

    /// <summary>Weights by magnitude: what comes first has the least mean square.</summary>
    public static RemovalOrder ByMagnitude(Bundle[] bundles, double[][] rows) => new(bundles, [.. bundles
        .SelectMany((bundle, b) => Enumerable.Range(0, rows[0].Length).Select(tap =>
            new Removal(b, tap, bundle.Count, bundle.Outputs.Sum(output => rows[output][tap] * rows[output][tap]))))
        .OrderBy(removal => removal.Loss / removal.Weights)]);

    /// <summary>Which weights stay, for each output, when at least a number of them goes. Those that are 0 stay 0.</summary>
    /// <param name="weights">The layer's weights.</param>
    /// <param name="count">Number of weights that go at least; less than a bundle more do.</param>
    public bool[][] Keep(LayerWeights weights, int count)
    {
        bool[][] isKept = weights.NonZero();
        foreach (Removal removal in Removals)
        {
            if (count <= 0)
                break;
            count -= removal.Weights;
            foreach (int output in _bundles[removal.Bundle].Outputs)
                isKept[output][removal.Tap] = false;
        }
        return isKept;
    }
}
