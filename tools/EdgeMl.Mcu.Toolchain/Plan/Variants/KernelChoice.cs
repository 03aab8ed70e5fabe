namespace EdgeMl.Mcu.Toolchain.Plan.Variants;

/// <summary>Chooses a kernel for every layer: the fewest predicted IL instructions within a budget of scratch.</summary>
public static class KernelChoice
{
    /// <summary>Scratch that a model may use unless told otherwise, in bytes.</summary>
    public const int DefaultScratchBytes = 16 * 1024;

    /// <summary>All variants.</summary>
    internal static IReadOnlyList<KernelVariant> Variants { get; } =
    [
        new PackedConvVariant(), new PackedPositionsVariant(), new SlidingDepthwiseVariant(), new LineDepthwiseVariant(), new RowFullyConnectedVariant(), new TableAddVariant(),
    ];

    /// <summary>
    /// The program with each layer in its best variant. All layers share one scratch, whose parts together stay within the budget. RAM for packed weights goes to the layers
    /// that it makes faster by the most instructions a byte.
    /// </summary>
    /// <param name="program">A lowered program.</param>
    /// <param name="scratchBytes">Most bytes of scratch, 0 or more; with 0 every layer keeps a kernel that needs none.</param>
    /// <param name="packedBytes">Most bytes of packed weights, 0 or more.</param>
    public static DeviceProgram Choose(DeviceProgram program, int scratchBytes, long packedBytes = 0) => Choose(program, scratchBytes, packedBytes, Variants);

    /// <summary>The same with some variants only.</summary>
    internal static DeviceProgram Choose(DeviceProgram program, int scratchBytes, long packedBytes, IReadOnlyList<KernelVariant> variants)
    {
        DeviceLayer[][] all = [.. program.Layers.Select(layer => Candidates(layer, scratchBytes, variants))];
        HashSet<int> packed = LayersToPack(all, packedBytes);
        DeviceLayer[][] candidates = [.. all.Select((layers, i) => packed.Contains(i) ? layers : [.. layers.Where(layer => layer.PackedBytes == 0)])];
        DeviceLayer[]? best = null;
        long bestIl = long.MaxValue;
        int row = candidates.SelectMany(layers => layers).Select(layer => layer.RowBytes).DefaultIfEmpty().Max();
        foreach (int strip in candidates.SelectMany(layers => layers).Select(layer => layer.StripBytes).Append(0).Distinct())
        {
            DeviceLayer[] chosen = Array.ConvertAll(candidates, layers => Fastest(layers, (scratchBytes - strip - row) / 8, strip));
            long il = chosen.Sum(layer => layer.PredictedIl);
            if (il < bestIl)
                (best, bestIl) = (chosen, il);
        }
        return program with { Layers = best! };
    }

    /// <summary>The layer as lowered, then every variant of it within a budget of scratch.</summary>
    internal static DeviceLayer[] Candidates(DeviceLayer layer, int scratchBytes) => Candidates(layer, scratchBytes, Variants);

    private static DeviceLayer[] Candidates(DeviceLayer layer, int scratchBytes, IReadOnlyList<KernelVariant> variants)
    {
        DeviceLayer scalar = layer with { PredictedIl = ScalarCost.Of(layer) };
        return [scalar, .. variants.SelectMany(variant => variant.Candidates(scalar, scratchBytes)).Where(candidate => candidate.ScratchBytes <= scratchBytes)];
    }

    private static HashSet<int> LayersToPack(DeviceLayer[][] candidates, long packedBytes)
    {
        var gains = new List<(int Layer, long Bytes, long Il)>();
        for (int i = 0; i < candidates.Length; i++)
        {
            if (candidates[i].Where(layer => layer.PackedBytes > 0).MinBy(layer => layer.PredictedIl) is { } packed)
                gains.Add((i, packed.PackedBytes, candidates[i].Where(layer => layer.PackedBytes == 0).Min(layer => layer.PredictedIl) - packed.PredictedIl));
        }
        var chosen = new HashSet<int>();
        foreach ((int layer, long bytes, _) in gains.Where(gain => gain.Il > 0).OrderByDescending(gain => (double)gain.Il / gain.Bytes))
        {
            if (bytes > packedBytes)
                continue;
            packedBytes -= bytes;
            chosen.Add(layer);
        }
        return chosen;
    }

    private static DeviceLayer Fastest(DeviceLayer[] candidates, int lanes, int strip) =>
        candidates.Where(layer => layer.ScratchBytes == 0 || (layer.Lanes <= lanes && layer.StripBytes <= strip)).MinBy(layer => layer.PredictedIl)!;
}
