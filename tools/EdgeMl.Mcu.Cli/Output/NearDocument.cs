using EdgeMl.Mcu.Ota.Delta;
using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Cli.Output;

/// <summary>How far a device model is from its base, and what the way from one to the other costs.</summary>
internal sealed record NearDocument(
    string Base, long BaseBytes, long Weights, long ChangedWeights, double? Tolerance, bool SameKernels, long DeltaBytes, long FullBytes, IReadOnlyList<NearLayerReport> Layers)
{
    /// <summary>The document of a model.</summary>
    /// <param name="name">The base, as it was given.</param>
    /// <param name="original">The base.</param>
    /// <param name="file">The model.</param>
    /// <param name="report">What the toolchain says of it.</param>
    public static NearDocument Of(string name, BaseModel original, byte[] file, NearReport report) => new(
        name, original.Content.Length, report.Weights, report.ChangedWeights, report.Tolerance, report.SameKernels, DeltaEncoder.Encode(original.Content, file).Length, file.Length, report.Layers);

    /// <summary>The document in words: a line for the model, and one for each layer that could not keep the base's scales.</summary>
    public IEnumerable<string> Lines()
    {
        yield return $"near {Base}: {ChangedWeights:N0} of {Weights:N0} weights differ; as an update {DeltaBytes:N0} of {FullBytes:N0} bytes, {100.0 * DeltaBytes / FullBytes:F1} %";
        if (Tolerance is null)
            yield return "  nothing was taken from the base: it would cost accuracy or save nothing";
        foreach (NearLayerReport layer in Layers.Where(layer => !layer.IsFrozen))
            yield return $"  {layer.Name} has scales of its own{(layer.Reason is null ? "" : $": {layer.Reason}")}";
        if (!SameKernels)
            yield return "  other kernels than the base's were chosen: --scratch, --page and --packed-weights as for the base make the files alike";
    }
}
