namespace EdgeMl.Mcu.Toolchain.Graph;

/// <summary>Affine quantisation: <c>real = scale * (quantised - zeroPoint)</c>, for a whole tensor or for each slice along an axis.</summary>
/// <param name="Scales">One positive finite scale, or one for each slice along <paramref name="Axis"/>.</param>
/// <param name="ZeroPoints">As many zero points as scales.</param>
/// <param name="Axis">The axis of the slices; meaningless with a single scale.</param>
public sealed record Quantization(float[] Scales, int[] ZeroPoints, int Axis = 0)
{
    /// <summary>Per-tensor quantisation.</summary>
    public Quantization(float scale, int zeroPoint)
        : this([scale], [zeroPoint])
    {
    }

    /// <summary>Whether each slice has a scale of its own.</summary>
    public bool IsPerChannel => Scales.Length > 1;

    /// <summary>The scale of a per-tensor quantisation.</summary>
    public float Scale => Scales[0];

    /// <summary>The zero point of a per-tensor quantisation.</summary>
    public int ZeroPoint => ZeroPoints[0];

    /// <summary>Scale of a slice; per-tensor quantisations have one for all.</summary>
    public float ScaleOf(int slice) => Scales.Length == 1 ? Scales[0] : Scales[slice];

    /// <summary>Whether two per-tensor quantisations map the same integers to the same reals.</summary>
    public bool SameAs(Quantization? other) =>
        other is not null && Scales.AsSpan().SequenceEqual(other.Scales) && ZeroPoints.AsSpan().SequenceEqual(other.ZeroPoints);
}
