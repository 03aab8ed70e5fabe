using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>What was done to each layer of a model.</summary>
/// <param name="Layers">One entry a linear layer, in execution order.</param>
/// <param name="CalibrationSamples">Number of samples that second moments were taken from.</param>
/// <param name="HeldBackSamples">Number of other samples that the result was measured on.</param>
/// <param name="OutputSignalToNoiseDb">
/// <c>10 log10(variance of the original outputs / mean square of their change)</c> on the samples held back; null where none were, and without a change.
/// </param>
public abstract record PruningReport(IReadOnlyList<LayerPruning> Layers, int CalibrationSamples, int HeldBackSamples, double? OutputSignalToNoiseDb)
{
    /// <summary>How far the device model is from the one that it should stay close to; null where there was none.</summary>
    public NearReport? Near { get; init; }

    /// <summary>Weights of all linear layers.</summary>
    public long Weights => Layers.Sum(layer => (long)layer.Weights);

    /// <summary>Weights of them that are 0.</summary>
    public long Zeros => Layers.Sum(layer => (long)layer.Zeros);

    /// <summary>Part of the weights that is 0.</summary>
    public double Sparsity => Weights == 0 ? 0 : (double)Zeros / Weights;
}

/// <summary>A pruned graph.</summary>
/// <param name="Graph">The pruned graph; inputs, outputs and nodes have the names and layouts of the original one.</param>
/// <param name="Layers">See <see cref="PruningReport"/>.</param>
/// <param name="Channels">What is left of layers from which channels can be taken out; their weights and biases are 0 in the graph. Empty for other granularities.</param>
/// <param name="CalibrationSamples">See <see cref="PruningReport"/>.</param>
/// <param name="HeldBackSamples">See <see cref="PruningReport"/>.</param>
/// <param name="OutputSignalToNoiseDb">See <see cref="PruningReport"/>.</param>
public sealed record PruningResult(
    ModelGraph Graph, IReadOnlyList<LayerPruning> Layers, IReadOnlyList<LayerChannels> Channels, int CalibrationSamples, int HeldBackSamples, double? OutputSignalToNoiseDb)
    : PruningReport(Layers, CalibrationSamples, HeldBackSamples, OutputSignalToNoiseDb);

/// <summary>A pruned device model.</summary>
/// <param name="Model">The <c>.emlm</c> file; ports, names and labels are those of the original one.</param>
/// <param name="Layers">See <see cref="PruningReport"/>.</param>
/// <param name="CalibrationSamples">See <see cref="PruningReport"/>.</param>
/// <param name="HeldBackSamples">See <see cref="PruningReport"/>.</param>
/// <param name="OutputSignalToNoiseDb">See <see cref="PruningReport"/>.</param>
public sealed record DevicePruningResult(byte[] Model, IReadOnlyList<LayerPruning> Layers, int CalibrationSamples, int HeldBackSamples, double? OutputSignalToNoiseDb)
    : PruningReport(Layers, CalibrationSamples, HeldBackSamples, OutputSignalToNoiseDb);

/// <summary>What was done to one layer.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Operator">The operator's name.</param>
/// <param name="Weights">Number of weights.</param>
/// <param name="Zeros">Number of weights that are 0.</param>
/// <param name="IsPruned">False for layers that stay as they are: weights that several layers share, types without a kernel for pruned weights, and too many inputs for an exact solution.</param>
public sealed record LayerPruning(string Name, string Operator, int Weights, int Zeros, bool IsPruned)
{
    /// <summary>Part of the weights that is 0.</summary>
    public double Sparsity => (double)Zeros / Weights;
}
