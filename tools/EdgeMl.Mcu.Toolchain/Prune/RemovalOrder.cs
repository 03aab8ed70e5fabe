namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>One step in the pruning of a layer.</summary>
/// <param name="Bundle">Index of the bundle that loses a tap.</param>
/// <param name="Tap">The tap.</param>
/// <param name="Weights">Number of weights that go.</param>
/// <param name="Loss">What they add to the layer's error.</param>
internal readonly record struct Removal(int Bundle, int Tap, int Weights, double Loss);

/// <summary>Taps of a bundle in the order in which they go.</summary>
/// <param name="Bundle">Index of the bundle.</param>
/// <param name="Taps">The taps.</param>
/// <param name="Losses">What each adds to the layer's error.</param>
internal readonly record struct RemovalSequence(int Bundle, int[] Taps, double[] Losses);

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

    /// <summary>Merges sequences. Each stays as it is; what comes first is what then costs least a weight.</summary>
    public static RemovalOrder Merge(Bundle[] bundles, RemovalSequence[] sequences)
    {
        var queue = new PriorityQueue<(int Sequence, int Step), (double Loss, int Sequence)>();
        for (int i = 0; i < sequences.Length; i++)
            queue.Enqueue((i, 0), (sequences[i].Losses[0] / bundles[sequences[i].Bundle].Count, i));
        var removals = new List<Removal>();
        while (queue.TryDequeue(out (int Sequence, int Step) next, out (double Loss, int) priority))
        {
            (int i, int step) = next;
            RemovalSequence own = sequences[i];
            int weights = bundles[own.Bundle].Count;
            removals.Add(new Removal(own.Bundle, own.Taps[step], weights, own.Losses[step]));
            if (++step < own.Taps.Length)
                queue.Enqueue((i, step), (Math.Max(priority.Loss, own.Losses[step] / weights), i));
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
