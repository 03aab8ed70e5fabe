namespace EdgeMl.Mcu.Toolchain.Plan.Variants;

/// <summary>Chooses a kernel for every layer: the fewest predicted IL instructions within a budget of scratch.</summary>
public static class KernelChoice
{
    /// <summary>Scratch that a model may use unless told otherwise, in bytes.</summary>
    public const int DefaultScratchBytes = 16 * 1024;

    private static readonly KernelVariant[] Variants = [new PackedConvVariant(), new PackedPositionsVariant()];

    /// <summary>The program with each layer in its best variant. All layers share one scratch, whose two parts together stay within the budget.</summary>
    /// <param name="program">A lowered program.</param>
    /// <param name="scratchBytes">Most bytes of scratch, 0 or more; with 0 every layer keeps a kernel that needs none.</param>
    public static DeviceProgram Choose(DeviceProgram program, int scratchBytes)
    {
        DeviceLayer[][] candidates = [.. program.Layers.Select(layer => Candidates(layer, scratchBytes))];
        DeviceLayer[]? best = null;
        long bestIl = long.MaxValue;
        foreach (int strip in candidates.SelectMany(layers => layers).Select(layer => layer.StripBytes).Append(0).Distinct())
        {
            DeviceLayer[] chosen = Array.ConvertAll(candidates, layers => Fastest(layers, (scratchBytes - strip) / 8, strip));
            long il = chosen.Sum(layer => layer.PredictedIl);
            if (il < bestIl)
                (best, bestIl) = (chosen, il);
        }
        return program with { Layers = best! };
    }

    /// <summary>The layer as lowered, then every variant of it within a budget of scratch.</summary>
    internal static DeviceLayer[] Candidates(DeviceLayer layer, int scratchBytes)
    {
        DeviceLayer scalar = layer with { PredictedIl = ScalarCost.Of(layer) };
        return [scalar, .. Variants.SelectMany(variant => variant.Candidates(scalar, scratchBytes)).Where(candidate => candidate.ScratchBytes <= scratchBytes)];
    }

    private static DeviceLayer Fastest(DeviceLayer[] candidates, int lanes, int strip) =>
        candidates.Where(layer => layer.Lanes <= lanes && layer.StripBytes <= strip).MinBy(layer => layer.PredictedIl)!;
}
