using EdgeMl.Mcu.Toolchain.Calibrating;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>Consecutive outputs of a layer whose weights at one tap are removed together.</summary>
/// <param name="First">The first output.</param>
/// <param name="Count">Number of outputs.</param>
internal readonly record struct Bundle(int First, int Count)
{
    /// <summary>Outputs that compiled code packs into one multiplication: a block of zeros is this many outputs at one tap.</summary>
    public const int BlockOutputs = 3;

    /// <summary>The bundles of a layer: single outputs, or blocks, the last of which may be smaller.</summary>
    public static Bundle[] Of(LinearNode layer, PruningGranularity granularity)
    {
        int size = granularity == PruningGranularity.Block ? BlockOutputs : 1;
        return [.. Enumerable.Range(0, (layer.Outputs + size - 1) / size).Select(i => new Bundle(i * size, Math.Min(size, layer.Outputs - i * size)))];
    }

    /// <summary>The outputs.</summary>
    public IEnumerable<int> Outputs => Enumerable.Range(First, Count);
}
