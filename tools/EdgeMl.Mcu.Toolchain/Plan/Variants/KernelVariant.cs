namespace EdgeMl.Mcu.Toolchain.Plan.Variants;

/// <summary>Another way to compute a lowered layer: the same bits with another kernel, in more memory and less time.</summary>
internal abstract class KernelVariant
{
    /// <summary>
    /// The layer in this variant, once for each amount of scratch worth considering, each with its <see cref="DeviceLayer.PredictedIl"/>.
    /// None where the variant does not apply, or where the layer's values do not allow its arithmetic.
    /// </summary>
    /// <param name="layer">A layer as lowered.</param>
    /// <param name="scratchBytes">Most scratch that a candidate may use.</param>
    public abstract IEnumerable<DeviceLayer> Candidates(DeviceLayer layer, int scratchBytes);
}
