namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>How calibration turns an activation's values into a range.</summary>
public enum CalibrationMethod
{
    /// <summary>From the smallest to the largest value seen.</summary>
    MinMax,

    /// <summary>Without the outermost values on each side; graph outputs keep all of theirs, so that no arg-max ties at the edge.</summary>
    Percentile,
}

/// <summary>Settings of post-training quantisation.</summary>
public sealed record QuantizationOptions
{
    private readonly double _percentile = 99.999;

    /// <summary>Range estimator; <see cref="CalibrationMethod.MinMax"/> by default.</summary>
    public CalibrationMethod Method { get; init; } = CalibrationMethod.MinMax;

    /// <summary>
    /// Percent of an activation's values that stay at or below the upper end of its range, and, separately, at or above the lower end.
    /// In (50, 100]; 99.999 by default: one value in 100,000 saturates on each side.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in (50, 100].</exception>
    public double Percentile
    {
        get => _percentile;
        init => _percentile = value is > 50 and <= 100
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The percentile is above 50 and at most 100.");
    }

    /// <summary>How many calibration samples are compared for the report's signal-to-noise ratios; 0 leaves them out.</summary>
    public int SignalToNoiseSamples { get; init; } = 32;
}
