namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>What an automatic quantisation chose, and why.</summary>
/// <param name="Result">The int8 model and its layers.</param>
/// <param name="Options">The chosen options.</param>
/// <param name="EstimationSamples">Number of samples that ranges, moments and biases come from.</param>
/// <param name="MeasuredSamples">Number of samples that the steps were compared on.</param>
/// <param name="IsHeldBack">Whether the measured samples are others than the estimation samples; false where there were too few samples.</param>
/// <param name="Steps">What was tried, in order.</param>
/// <param name="Quality">Quality of the chosen model on the measured samples.</param>
public sealed record AutoQuantization(
    QuantizationResult Result, QuantizationOptions Options, int EstimationSamples, int MeasuredSamples, bool IsHeldBack,
    IReadOnlyList<QuantizationStep> Steps, QuantizationQuality Quality);

/// <summary>Something that an automatic quantisation tried.</summary>
/// <param name="Name">What was changed against the best model before it.</param>
/// <param name="Quality">Quality with the change.</param>
/// <param name="GainDb">Signal-to-noise ratio gained over the best model before; null where it has none.</param>
/// <param name="IsKept">Whether the change was kept.</param>
public sealed record QuantizationStep(string Name, QuantizationQuality Quality, double? GainDb, bool IsKept);
