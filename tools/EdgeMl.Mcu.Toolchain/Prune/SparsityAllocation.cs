using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>Measured noise at the outputs of a graph when one layer alone is pruned.</summary>
/// <param name="Count">Number of its weights that went.</param>
/// <param name="Noise">See <see cref="OutputNoise"/>.</param>
internal readonly record struct NoisePoint(int Count, double Noise);

/// <summary>How the removal of weights is distributed over layers: so that each costs about the same noise at the outputs of the graph.</summary>
internal static class SparsityAllocation
{
    /// <summary>
    /// What each removal in a layer adds to the noise at the outputs: between measured points it grows as the layer's own error does. Never decreasing, so that
    /// removals are taken in their order.
    /// </summary>
    /// <param name="removals">The layer's removals, in order.</param>
    /// <param name="points">Measured points with rising counts, the last with all weights.</param>
    public static double[] Costs(IReadOnlyList<Removal> removals, IReadOnlyList<NoisePoint> points)
    {
        var costs = new double[removals.Count];
        double noise = 0, greatest = 0;
        int first = 0, removed = 0;
        foreach (NoisePoint point in points)
        {
            int end = first;
            double loss = 0;
            for (; end < removals.Count && removed < point.Count; end++)
            {
                removed += removals[end].Weights;
                loss += removals[end].Loss;
            }
            double factor = loss > 0 ? Math.Max(0, point.Noise - noise) / loss : 0;
            for (; first < end; first++)
                costs[first] = greatest = Math.Max(greatest, factor * removals[first].Loss / removals[first].Weights);
            noise = Math.Max(noise, point.Noise);
        }
        return costs;
    }

    /// <summary>How many weights go from each layer.</summary>
    /// <param name="layers">Removals of each layer with their costs a weight.</param>
    /// <param name="target">Number of weights that go at least.</param>
    public static IReadOnlyDictionary<Node, int> Allocate(IReadOnlyList<(Node Node, IReadOnlyList<Removal> Removals, double[] Costs)> layers, long target)
    {
        var counts = layers.ToDictionary(layer => layer.Node, _ => 0);
        foreach ((int layer, int step) in layers
            .SelectMany((layer, l) => layer.Costs.Select((cost, step) => (cost, l, step)))
            .OrderBy(entry => entry.cost).ThenBy(entry => entry.l).ThenBy(entry => entry.step).Select(entry => (entry.l, entry.step)))
        {
            if (target <= 0)
                break;
            int weights = layers[layer].Removals[step].Weights;
            counts[layers[layer].Node] += weights;
            target -= weights;
        }
        return counts;
    }
}
