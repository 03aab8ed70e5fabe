using EdgeMl.Mcu.Toolchain.Calibrating;
using EdgeMl.Mcu.Toolchain.Evaluate;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>What a layer read before anything was pruned, and what it reads after the layers before it were.</summary>
internal sealed class LayerInputs
{
    private readonly LayerMoments _new;
    private readonly CrossMoments? _cross;

    private LayerInputs(LayerMoments moments, CrossMoments? cross)
    {
        _new = moments;
        _cross = cross;
    }

    /// <summary>Inputs that did not change.</summary>
    public static LayerInputs Of(LayerMoments moments) => new(moments, null);

    /// <summary>Moments of a layer's inputs, with the same bits on every run.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="inputs">Its input, for each sample.</param>
    /// <param name="cancellation">Stops between samples.</param>
    public static LayerMoments MomentsOf(LinearNode layer, float[][] inputs, CancellationToken cancellation)
    {
        var sums = new MomentSums[MomentCollector.Parts((long)layer.Groups * layer.Taps * layer.Taps * sizeof(double), inputs.Length)];
        Parallels.For(sums.Length, part =>
        {
            sums[part] = new MomentSums(layer);
            for (int sample = (int)((long)inputs.Length * part / sums.Length); sample < (int)((long)inputs.Length * (part + 1) / sums.Length); sample++)
            {
                cancellation.ThrowIfCancellationRequested();
                sums[part].Add(inputs[sample]);
            }
        }, cancellation);
        for (int part = 1; part < sums.Length; part++)
            sums[0].Add(sums[part]);
        return sums[0].ToMoments();
    }

    /// <summary>Reads the moments of a layer's inputs.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="before">Its input in the original graph, for each sample.</param>
    /// <param name="after">Its input in the graph that is pruned up to it.</param>
    /// <param name="cancellation">Stops between samples.</param>
    public static LayerInputs Read(LinearNode layer, float[][] before, float[][] after, CancellationToken cancellation)
    {
        int parts = MomentCollector.Parts(2L * layer.Groups * layer.Taps * layer.Taps * sizeof(double), after.Length);
        var sums = new (MomentSums New, CrossMoments Cross)[parts];
        Parallels.For(parts, part =>
        {
            sums[part] = (new MomentSums(layer), new CrossMoments(layer));
            for (int sample = (int)((long)after.Length * part / parts); sample < (int)((long)after.Length * (part + 1) / parts); sample++)
            {
                cancellation.ThrowIfCancellationRequested();
                sums[part].New.Add(after[sample]);
                sums[part].Cross.Add(before[sample], after[sample]);
            }
        }, cancellation);
        for (int part = 1; part < parts; part++)
        {
            sums[0].New.Add(sums[part].New);
            sums[0].Cross.Add(sums[part].Cross);
        }
        return new LayerInputs(sums[0].New.ToMoments(), sums[0].Cross);
    }

    /// <summary>The error of each group, for each part of its taps (<see cref="TapParts"/>).</summary>
    /// <param name="hasBias">Whether the bias may change.</param>
    /// <param name="damping">See <see cref="QuadraticError"/>.</param>
    public QuadraticError[][] Errors(bool hasBias, double damping) => [.. Enumerable.Range(0, _new.Layer.Groups).Select(group =>
    {
        double[] moments = hasBias ? _new.Covariance(group) : _new.SecondMoments(group);
        double[]? cross = _cross?.Products(group, hasBias ? _new.Mean(group) : null);
        return TapParts.Of(_new.Layer.Taps).Select(part => new QuadraticError(TapParts.Block(moments, part), cross is null ? null : TapParts.Block(cross, part), damping)).ToArray();
    })];

    /// <summary>The bias with which new weights give the mean that the old ones gave.</summary>
    public double[] Bias(LayerWeights old, double[][] rows) => [.. rows.Select((row, output) =>
    {
        int group = output / old.Layer.OutputsPerGroup;
        double[] meanBefore = _cross?.Mean(group) ?? _new.Mean(group), meanAfter = _new.Mean(group);
        double bias = old.Bias![output];
        for (int tap = 0; tap < row.Length; tap++)
            bias += old.Rows[output][tap] * meanBefore[tap] - row[tap] * meanAfter[tap];
        return bias;
    })];
}
