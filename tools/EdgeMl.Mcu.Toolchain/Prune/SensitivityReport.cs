namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>How a model does when one layer alone has fewer weights, or coarser ones.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Samples">Number of samples that it was measured on.</param>
/// <param name="Accuracy">Accuracy of the unchanged model, 0 to 1; null without labels.</param>
/// <param name="Layers">The layers, in execution order.</param>
public sealed record SensitivityReport(string Model, int Samples, double? Accuracy, IReadOnlyList<LayerSensitivity> Layers);

/// <summary>How a model does when one of its layers is changed.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Operator">The operator's name.</param>
/// <param name="Weights">Number of weights.</param>
/// <param name="Sparsity">With a part of its weights removed (<see cref="SensitivityPoint.Value"/>, 0 to 1) by <see cref="PruningMethod.Obs"/>.</param>
/// <param name="Bits">With its weights rounded to a number of bits (<see cref="SensitivityPoint.Value"/>), symmetric, one scale an output.</param>
public sealed record LayerSensitivity(string Name, string Operator, int Weights, IReadOnlyList<SensitivityPoint> Sparsity, IReadOnlyList<SensitivityPoint> Bits);

/// <summary>One measurement.</summary>
/// <param name="Value">Sparsity or bits.</param>
/// <param name="Accuracy">Accuracy, 0 to 1; null without labels.</param>
/// <param name="SignalToNoiseDb"><c>10 log10(variance of the original outputs / mean square of their change)</c>; null without a change.</param>
public sealed record SensitivityPoint(double Value, double? Accuracy, double? SignalToNoiseDb);
