using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>How near an int8 model, on the device runtime, is to its float model.</summary>
/// <param name="Samples">Number of samples that it was measured on.</param>
/// <param name="Accuracy">Share of the samples whose largest output is at the label, 0..1; null without labels.</param>
/// <param name="RealAccuracy">The same of the float model.</param>
/// <param name="Agreement">Share of the samples for which both models' largest output is the same, 0..1; null for an output of one element.</param>
/// <param name="SignalToNoiseDb"><c>10 log10(Σ x² / Σ (x - q)²)</c> over all outputs x of the float model and q of the int8 one; null where there is no signal or no noise.</param>
public sealed record QuantizationQuality(int Samples, double? Accuracy, double? RealAccuracy, double? Agreement, double? SignalToNoiseDb)
{
    /// <summary>Measures an int8 graph.</summary>
    /// <param name="graph">The float graph that it comes from.</param>
    /// <param name="quantized">The int8 graph.</param>
    /// <param name="samples">For each sample the real values of each input in the graph's layout, row-major.</param>
    /// <param name="labels">The class of each sample, or null.</param>
    /// <param name="cancellation">Stops between samples.</param>
    /// <exception cref="ToolchainException">The device cannot run the int8 graph.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static QuantizationQuality Measure(
        ModelGraph graph, ModelGraph quantized, IReadOnlyList<float[][]> samples, int[]? labels, CancellationToken cancellation = default) =>
        new QualityMeasure(graph, samples, labels, cancellation).Of(quantized, null, cancellation).Quality;
}
