using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Cli.Output;

/// <summary>What a quantisation says below its tables.</summary>
internal static class QuantizationText
{
    /// <summary><c>calibrated on 1347 samples (auto: 1011 to estimate from, 336 held back to choose by)</c></summary>
    public static string Calibration(string method, int samples, AutoQuantization? auto) => $"calibrated on {samples} samples ({method}{auto switch
    {
        null => "",
        { IsHeldBack: true } => $": {auto.EstimationSamples} to estimate from, {auto.MeasuredSamples} held back to choose by",
        _ => $": too few to hold some back, so the same ones chose; {AutoQuantizer.HeldBackFrom} or more let some be held back",
    }})";

    /// <summary>Accuracy, agreement and signal-to-noise ratio.</summary>
    public static string Quality(QuantizationQuality quality, AutoQuantization? auto)
    {
        var parts = new List<string>();
        if (quality.Accuracy is { } accuracy)
            parts.Add($"accuracy {accuracy:P2} (float {quality.RealAccuracy:P2})");
        if (quality.Agreement is { } agreement)
            parts.Add($"agrees with the float model on {agreement:P2}");
        parts.Add(quality.SignalToNoiseDb is { } decibels ? $"outputs {decibels:F1} dB" : "outputs without noise");
        return $"{string.Join(", ", parts)}, on {quality.Samples} {(auto is { IsHeldBack: true } ? "held-back" : "calibration")} samples";
    }

    /// <summary><c>4-bit weights in 1 of 3 layers</c></summary>
    public static string Bits(IReadOnlyList<LayerQuantization> layers) =>
        $"4-bit weights in {layers.Count(layer => layer.WeightBits == 4)} of {layers.Count(layer => layer.WeightBits is not null)} layers";
}
