using EdgeMl.Mcu.Toolchain.Pruning;

namespace EdgeMl.Mcu.Cli.Output;

/// <summary>What <c>prune --json</c> prints.</summary>
internal sealed record PruningDocument(
    string Model, string Output, string Method, string Granularity, double Sparsity, long Weights, long Zeros, int CalibrationSamples, int HeldBackSamples,
    double? OutputSignalToNoiseDb, long FileBytes, NearDocument? Near, IReadOnlyList<LayerPruning> Layers)
{
    /// <summary>The document of a result.</summary>
    public static PruningDocument Of(string model, string output, PruningOptions options, PruningReport result, long fileBytes, NearDocument? near) => new(
        model, output, options.Method.ToString().ToLowerInvariant(), options.Granularity.ToString().ToLowerInvariant(), result.Sparsity, result.Weights, result.Zeros,
        result.CalibrationSamples, result.HeldBackSamples, result.OutputSignalToNoiseDb, fileBytes, near, result.Layers);

    /// <summary>The totals in words.</summary>
    public string Summary()
    {
        string measured = OutputSignalToNoiseDb is { } ratio
            ? $"; outputs on {HeldBackSamples} samples held back: {ratio:F1} dB signal to noise"
            : HeldBackSamples > 0 ? $"; outputs on {HeldBackSamples} samples held back: unchanged" : "";
        return $"""
            {Model}: {Zeros:N0} of {Weights:N0} weights are 0 ({Sparsity:P1}), by {Granularity} ({Method})
            calibrated on {CalibrationSamples} samples{measured}
            {Output}: {FileBytes:N0} bytes
            """;
    }
}
