namespace EdgeMl.Mcu.Toolchain.Calibrating;

/// <summary>First and second moments of the patches that a linear layer reads, in float64, for each group of its outputs.</summary>
/// <remarks>
/// For a change d of an output's weights, <c>dᵀ M d</c> is the mean square of the change of that output over all positions of all samples, where M is the matrix
/// of second moments; with the best change of the bias, <c>-dᵀ mean</c>, it is <c>dᵀ C d</c> with the covariance C.
/// </remarks>
public sealed class LayerMoments
{
    private readonly double[][] _secondMoments;
    private readonly double[][] _means;

    internal LayerMoments(LinearNode layer, long count, double[][] secondMoments, double[][] means)
    {
        Layer = layer;
        Count = count;
        _secondMoments = secondMoments;
        _means = means;
    }

    /// <summary>The layer, with the meaning of groups and taps.</summary>
    public LinearNode Layer { get; }

    /// <summary>Patches of each group that the moments are means of: samples times positions.</summary>
    public long Count { get; }

    /// <summary>Means of <c>x[i] x[j]</c> over the patches x of a group: a symmetric taps × taps matrix, row-major. Shared, not a copy.</summary>
    public double[] SecondMoments(int group) => _secondMoments[group];

    /// <summary>Mean of each element of the patches of a group. Shared, not a copy.</summary>
    public double[] Mean(int group) => _means[group];

    /// <summary>Second moments about the mean, <c>E[x xᵀ] - mean meanᵀ</c>, in a new symmetric taps × taps matrix, row-major.</summary>
    public double[] Covariance(int group)
    {
        var covariance = (double[])_secondMoments[group].Clone();
        double[] mean = _means[group];
        for (int i = 0; i < mean.Length; i++)
        {
            for (int j = 0; j < mean.Length; j++)
                covariance[i * mean.Length + j] -= mean[i] * mean[j];
        }
        return covariance;
    }
}
