namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>How calibration turns an activation's values into a range. Graph outputs keep all of their values, so that no arg-max ties at the edge.</summary>
public enum CalibrationMethod
{
    /// <summary>From the smallest to the largest value seen.</summary>
    MinMax,

    /// <summary>Without the outermost values on each side.</summary>
    Percentile,

    /// <summary>The range with the least mean squared error of rounding and saturation together.</summary>
    MeanSquaredError,

    /// <summary>The range with the least Kullback-Leibler divergence between the distribution of the values and that of the quantised ones.</summary>
    Entropy,
}

/// <summary>How real weights become integers.</summary>
public enum WeightRounding
{
    /// <summary>Each to its nearest integer, with the scale that just holds the largest weight of a channel.</summary>
    Nearest,

    /// <summary>
    /// Together, so that the layer's outputs change least on the calibration data: scale and integers of a channel are chosen by the second
    /// moments of the layer's inputs. Never worse than <see cref="Nearest"/> by that measure.
    /// </summary>
    SecondMoments,
}

/// <summary>Settings of post-training quantisation.</summary>
public sealed record QuantizationOptions
{
    private readonly double _percentile = 99.999;
    private readonly int _weightBits = 8;

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

    /// <summary>Whether channels between two layers are rescaled so that their ranges become alike, which leaves the float function as it is.</summary>
    public bool Equalize { get; init; }

    /// <summary>How weights are rounded; <see cref="WeightRounding.Nearest"/> by default.</summary>
    public WeightRounding Rounding { get; init; } = WeightRounding.Nearest;

    /// <summary>Whether biases take up the mean error that quantisation leaves at each output channel.</summary>
    public bool CorrectBias { get; init; }

    /// <summary>Bits of the weights of Conv2D and FullyConnected layers: 8, the default, or 4. Other layers have 8.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Neither 4 nor 8.</exception>
    public int WeightBits
    {
        get => _weightBits;
        init => _weightBits = value is 4 or 8 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Weights have 4 or 8 bits.");
    }

    /// <summary>How many calibration samples are compared for the report's signal-to-noise ratios; 0 leaves them out.</summary>
    public int SignalToNoiseSamples { get; init; } = 32;

    /// <summary>Indices of the nodes whose weights have 4 bits; null where <see cref="WeightBits"/> says it for all.</summary>
    internal IReadOnlySet<int>? FourBitNodes { get; init; }
}
