namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>How far a device model is from its base.</summary>
/// <param name="Tolerance">
/// What keeping weights may do to an output's mean square error, in units of what rounding does; the largest tried with which the model was as good as the free one. Null where the
/// model owes nothing to the base.
/// </param>
/// <param name="SameKernels">Whether every layer has the base's kernel, so that the files are laid out alike.</param>
/// <param name="Layers">One entry a linear layer with int8 weights.</param>
public sealed record NearReport(double? Tolerance, bool SameKernels, IReadOnlyList<NearLayerReport> Layers)
{
    /// <summary>Weights of all layers.</summary>
    public long Weights => Layers.Sum(layer => (long)layer.Weights);

    /// <summary>Weights that differ from the base's, all those of layers that the base does not have included.</summary>
    public long ChangedWeights => Layers.Sum(layer => (long)layer.ChangedWeights);

    /// <summary>Compares a device model with its base.</summary>
    /// <param name="compiled">The model.</param>
    /// <param name="original">The base.</param>
    /// <param name="tolerance">See <see cref="Tolerance"/>.</param>
    /// <param name="reasons">Why layers have scales of their own, by name.</param>
    internal static NearReport Of(byte[] compiled, BaseModel original, double? tolerance, IReadOnlyDictionary<string, string> reasons)
    {
        var model = BaseModel.Parse(compiled, original.Model.Name);
        return new NearReport(tolerance, model.Kernels.SequenceEqual(original.Kernels), [.. model.Layers.Select(layer =>
        {
            int outputs = layer.Linear.Outputs, taps = layer.Linear.Taps;
            BaseLayer? other = original.Find(layer.Name, outputs, taps);
            int changed = other is null ? outputs * taps : Enumerable.Range(0, outputs).Sum(output => layer.Row(output).Zip(other.Row(output)).Count(pair => pair.First != pair.Second));
            bool isFrozen = other?.Multipliers.AsSpan().SequenceEqual(layer.Multipliers) == true;
            return new NearLayerReport(layer.Name, outputs * taps, changed, isFrozen, isFrozen ? null : reasons.GetValueOrDefault(layer.Name));
        })]);
    }
}

/// <summary>How far one layer is from the base's.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Weights">Number of weights.</param>
/// <param name="ChangedWeights">Number of weights that differ.</param>
/// <param name="IsFrozen">Whether it has the base's multipliers, which come from the scales of input, weights and output.</param>
/// <param name="Reason">Why it does not have them, where that is known.</param>
public sealed record NearLayerReport(string Name, int Weights, int ChangedWeights, bool IsFrozen, string? Reason);
