using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>An int8 model and how each of its layers was quantised.</summary>
/// <param name="Graph">The int8 graph; its inputs and outputs are int8, with the names and layouts of the float graph's.</param>
/// <param name="Layers">One entry a node of the float graph, in execution order.</param>
public sealed record QuantizationResult(ModelGraph Graph, IReadOnlyList<LayerQuantization> Layers);

/// <summary>How one layer was quantised.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Operator">The operator's name.</param>
/// <param name="RangeMin">Lower end of the output's calibrated range, before it was widened to hold 0 or to share a scale.</param>
/// <param name="RangeMax">Upper end of the same range.</param>
/// <param name="Scale">Scale of the output.</param>
/// <param name="ZeroPoint">Zero point of the output.</param>
/// <param name="WeightScaleMin">Smallest of the weights' scales; null for layers without weights.</param>
/// <param name="WeightScaleMax">Largest of the weights' scales; null for layers without weights.</param>
/// <param name="WeightBits">Bits of a weight, 8 or 4; null for layers without weights.</param>
/// <param name="SignalToNoiseDb">
/// <c>10 log10(Σ x² / Σ (x - q)²)</c> of the output x of the float model and q of the quantised one, errors of earlier layers included;
/// null where it was not measured, where there is no signal or no noise, and where a following clamp was taken into the layer's range.
/// </param>
public sealed record LayerQuantization(
    string Name, string Operator,
    float RangeMin, float RangeMax, float Scale, int ZeroPoint,
    float? WeightScaleMin, float? WeightScaleMax, int? WeightBits, double? SignalToNoiseDb);
