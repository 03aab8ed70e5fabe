using EdgeMl.Mcu.Toolchain.Evaluate;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>Optimal brain surgeon on one linear layer.</summary>
internal sealed class LayerSurgery
{
    private readonly LayerWeights _weights;
    private readonly LayerInputs _inputs;
    private readonly QuadraticError[][] _errors;
    private readonly Range[] _parts;
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
        _parts = TapParts.Of(weights.Layer.Taps);
        _minima = [.. weights.Rows.Select((row, output) => ByPart(output, (error, part) => error.Minimum(row[part])))];
    }

    /// <summary>The order in which weights go; those that are 0 are the first.</summary>
    public RemovalOrder Order(PruningGranularity granularity, CancellationToken cancellation)
    {
        Bundle[] bundles = Bundle.Of(_weights.Layer, granularity);
        var sequences = new RemovalSequence[bundles.Length * _parts.Length];
        Parallels.For(sequences.Length, i =>
        {
            int bundle = i / _parts.Length, part = i % _parts.Length;
            (int first, int count) = _parts[part].GetOffsetAndLength(_weights.Layer.Taps);
            int[] outputs = [.. bundles[bundle].Outputs];
            var elimination = Elimination.Of(
                [.. outputs.Select(output => _minima[output][_parts[part]])],
                [.. outputs.Select(output => ErrorOf(output, part).Inverse)],
                [.. Enumerable.Range(first, count).Select(tap => outputs.All(output => _weights.Rows[output][tap] == 0))]);
            sequences[i] = new RemovalSequence(bundle, Array.ConvertAll(elimination.Order, tap => first + tap), elimination.Losses);
        }, cancellation);
        return RemovalOrder.Merge(bundles, sequences);
    }

    /// <summary>The weights of least error among those that are 0 where nothing is kept, and the bias for them.</summary>
    public LayerWeights Compensate(bool[][] isKept, CancellationToken cancellation)
    {
        var rows = new double[isKept.Length][];
        Parallels.For(rows.Length, output => rows[output] = ByPart(output, (error, part) =>
        {
            double[] row = error.Minimum(_weights.Rows[output][part], isKept[output][part]);
            if (_weights.Grids is { } grids)
                error.Round(row, isKept[output][part], grids[output]);
            return row;
        }), cancellation);
        return WithMean(_weights with { Rows = rows });
    }

    /// <summary>Some weights with the bias that gives the mean of the old outputs.</summary>
    public LayerWeights WithMean(LayerWeights weights) => weights with { Bias = weights.Bias is null ? null : _inputs.Bias(_weights, weights.Rows) };

    /// <summary>The error of some weights above the least one that unpruned weights could have.</summary>
    public double Error(LayerWeights weights) => weights.Rows
        .Select((row, output) => _parts.Select((part, i) => ErrorOf(output, i).Of(_minima[output][part], row[part])).Sum()).Sum();

    /// <summary>What the removal of several taps from all outputs of a layer with one group adds to its error, after compensation.</summary>
    public double LossOf(int[] taps) => _parts.Select((part, i) =>
    {
        (int first, int count) = part.GetOffsetAndLength(_weights.Layer.Taps);
        int[] own = [.. taps.Where(tap => tap >= first && tap < first + count).Select(tap => tap - first)];
        return own.Length == 0 ? 0 : _errors[0][i].LossOf(_minima.Select(row => row[part]), own);
    }).Sum();

    private double[] ByPart(int output, Func<QuadraticError, Range, double[]> compute) => [.. _parts.SelectMany((part, i) => compute(ErrorOf(output, i), part))];

    private QuadraticError ErrorOf(int output, int part) => _errors[output / _weights.Layer.OutputsPerGroup][part];
}
