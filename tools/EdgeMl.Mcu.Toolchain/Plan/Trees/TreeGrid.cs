using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Plan.Trees;

/// <summary>
/// Codes of one byte for the features of an ensemble whose thresholds all are multiples of a power of two: <c>ceil(x / Scale) + ZeroPoint</c>, held within int8.
/// For every float32, infinities and NaN included, a code is at most a threshold's exactly where the value is at most the threshold.
/// </summary>
/// <param name="Scale">A power of two, at most 1, so that the division is exact.</param>
/// <param name="ZeroPoint">Makes every threshold's code 0 to <see cref="CodeMax"/>.</param>
public sealed record TreeGrid(float Scale, int ZeroPoint)
{
    /// <summary>Greatest code of a threshold: one below the greatest code, which stands for all greater values.</summary>
    public const int CodeMax = 126;

    private const int FeaturesMax = 256;
    private const int ScaleBitsMax = 10;

    /// <summary>The grid of an ensemble with the greatest scale, or null where it has none: thresholds too fine or too far apart, NaN that goes below, or more than 256 features.</summary>
    public static TreeGrid? Of(TreeEnsemble ensemble)
    {
        if (ensemble.Features > FeaturesMax || Array.Exists(ensemble.Nodes, node => node.MissingIsBelow))
            return null;
        double low = ensemble.Nodes.Select(node => (double)node.Threshold).DefaultIfEmpty().Min();
        double high = ensemble.Nodes.Select(node => (double)node.Threshold).DefaultIfEmpty().Max();
        for (int bits = 0; bits <= ScaleBitsMax; bits++)
        {
            double factor = 1 << bits;
            if ((high - low) * factor > CodeMax || !double.IsFinite(high - low))
                return null;
            if (!Array.TrueForAll(ensemble.Nodes, node => double.IsInteger(node.Threshold * factor)))
                continue;
            double zeroPoint = low * factor >= 0 && high * factor <= CodeMax ? 0 : -low * factor;
            return zeroPoint is >= sbyte.MinValue and <= sbyte.MaxValue ? new TreeGrid((float)(1 / factor), (int)zeroPoint) : null;
        }
        return null;
    }

    /// <summary>The code of a threshold.</summary>
    public int Code(float threshold) => (int)(threshold / Scale) + ZeroPoint;
}
