namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>How near an int8 model, on the device runtime, is to its float model.</summary>
/// <param name="Samples">Number of samples that it was measured on.</param>
/// <param name="Accuracy">Share of the samples whose largest output is at the label, 0..1; null without labels.</param>
/// <param name="RealAccuracy">The same of the float model.</param>
/// <param name="Agreement">Share of the samples for which both models' largest output is the same, 0..1; null for an output of one element.</param>
/// <param name="SignalToNoiseDb"><c>10 log10(Σ x² / Σ (x - q)²)</c> over all outputs x of the float model and q of the int8 one; null where there is no signal or no noise.</param>
public sealed record QuantizationQuality(int Samples, double? Accuracy, double? RealAccuracy, double? Agreement, double? SignalToNoiseDb);
