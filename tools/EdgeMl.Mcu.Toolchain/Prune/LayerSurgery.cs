using EdgeMl.Mcu.Toolchain.Evaluate;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>Optimal brain surgeon on one linear layer.</summary>
internal sealed class LayerSurgery
{
    private readonly LayerWeights _weights;
    private readonly LayerInputs _inputs;
    private readonly QuadraticError[] _errors;
    private readonly double[][] _minima;

    /// <summary>Prepares a layer.</summary>
    /// <param name="weights">Its old weights.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="damping">See <see cref="QuadraticError"/>.</param>
    public LayerSurgery(LayerWeights weights, LayerInputs inputs, double damping)
    {
        _weights = weights;
        _inputs = inputs;
        _errors = inputs.Errors(weights.Bias is not null, damping);
        _minima = [.. weights.Rows.Select((row, output) => ErrorOf(output).Minimum(row))];
    }

    /// <summary>The order in which weights go; those that are 0 are the first.</summary>
    public RemovalOrder Order(PruningGranularity granularity, CancellationToken cancellation)
    {
        Bundle[] bundles = Bundle.Of(_weights.Layer, granularity);
        var eliminations = new Elimination[bundles.Length];
        Parallels.For(bundles.Length, b =>
        {
            int[] outputs = [.. bundles[b].Outputs];
            eliminations[b] = Elimination.Of(
                [.. outputs.Select(output => (double[])_minima[output].Clone())],
                [.. outputs.Select(output => ErrorOf(output).Inverse)],
                [.. Enumerable.Range(0, _weights.Layer.Taps).Select(tap => outputs.All(output => _weights.Rows[output][tap] == 0))]);
        }, cancellation);
        return RemovalOrder.Merge(bundles, eliminations);
    }

    /// <summary>The weights of least error among those that are 0 where nothing is kept, and the bias for them.</summary>
    public LayerWeights Compensate(bool[][] isKept, CancellationToken cancellation)
    {
        var rows = new double[isKept.Length][];
        Parallels.For(rows.Length, output =>
        {
            rows[output] = ErrorOf(output).Minimum(_weights.Rows[output], isKept[output]);
            if (_weights.Grids is { } grids)
                ErrorOf(output).Round(rows[output], isKept[output], grids[output]);
        }, cancellation);
        return _weights with { Rows = rows, Bias = _weights.Bias is null ? null : _inputs.Bias(_weights, rows) };
    }

    /// <summary>The error of some weights above the least one that unpruned weights could have.</summary>
    public double Error(LayerWeights weights) => weights.Rows.Select((row, output) => ErrorOf(output).Of(_minima[output], row)).Sum();

    /// <summary>What the removal of several taps from all outputs of a layer with one group adds to its error, after compensation.</summary>
    public double LossOf(int[] taps) => _errors[0].LossOf(_minima, taps);

    private QuadraticError ErrorOf(int output) => _errors[output / _weights.Layer.OutputsPerGroup];
}
