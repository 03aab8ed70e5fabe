using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Cli.Output;

/// <summary>What <c>quantize --json</c> prints.</summary>
internal sealed record QuantizationDocument(
    string Model, string Output, string Method, int CalibrationSamples, long SourceBytes, long FileBytes, int ArenaBytes, int ArenaLowerBoundBytes, int ScratchBytes,
    int PackedWeightBytes, int ResidentBytes, int PageBytes, long Macs, long MacsLive, long Weights, long WeightsLive, long? FlashBudgetBytes, QuantizationQuality Quality,
    QuantizationChoice? Choice, NearDocument? Near, IReadOnlyList<LayerQuantization> Layers)
{
    /// <summary>The document of a quantisation.</summary>
    public static QuantizationDocument Of(DeviceModelSummary summary, string method, int samples, long? budget, QuantizedModel model, NearDocument? near) => new(
        summary.Model, summary.Output, method, samples, summary.SourceBytes, summary.FileBytes, summary.ArenaBytes, summary.ArenaLowerBoundBytes,
        summary.ScratchBytes, summary.PackedWeightBytes, summary.ResidentBytes, summary.PageBytes, summary.Macs, summary.MacsLive, summary.Weights, summary.WeightsLive, budget, model.Quality,
        model.Auto is { } auto ? QuantizationChoice.Of(auto) : null, near, model.Result.Layers);
}

/// <summary>What an automatic quantisation chose.</summary>
internal sealed record QuantizationChoice(
    string Ranges, double? Percentile, bool Equalized, bool BiasCorrected, string Rounding, int EstimationSamples, int MeasuredSamples, bool HeldBack,
    IReadOnlyList<QuantizationStep> Steps)
{
    /// <summary>The choice of a quantisation.</summary>
    public static QuantizationChoice Of(AutoQuantization auto) => new(
        Word(auto.Options.Method.ToString()), auto.Options.Method == CalibrationMethod.Percentile ? auto.Options.Percentile : null, auto.Options.Equalize,
        auto.Options.CorrectBias, Word(auto.Options.Rounding.ToString()), auto.EstimationSamples, auto.MeasuredSamples, auto.IsHeldBack, auto.Steps);

    private static string Word(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
