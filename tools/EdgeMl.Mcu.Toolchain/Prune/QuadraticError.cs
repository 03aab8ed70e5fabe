using MathNet.Numerics.LinearAlgebra.Double;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>
/// The mean square difference between the outputs that one group of a linear layer had with its old weights W and inputs x, and those with other weights V and
/// inputs z: <c>E |W x - V z|²</c> with the best bias, plus a damping that pulls V to W. For each output it is <c>(v - t)ᵀ H (v - t)</c> and a constant.
/// </summary>
internal sealed class QuadraticError
{
    private readonly DenseMatrix _matrix;
    private readonly double _damping;

    // Covariances of old with new inputs where they differ, else null.
    private readonly double[]? _cross;

    /// <summary>The error for inputs that did not change.</summary>
    /// <param name="covariance">Second moments of the inputs, taps × taps, about the mean where the bias may change. Used up.</param>
    /// <param name="damping">Part of the mean of the diagonal that is added to it.</param>
    public QuadraticError(double[] covariance, double damping)
        : this(covariance, null, damping)
    {
    }

    /// <summary>The error for inputs z in place of x.</summary>
    /// <param name="covariance">Second moments of z; used up.</param>
    /// <param name="cross">Second moments <c>E[x zᵀ]</c>, row-major; null where x is z.</param>
    /// <param name="damping">Part of the mean of the diagonal that is added to it.</param>
    public QuadraticError(double[] covariance, double[]? cross, double damping)
    {
        int taps = (int)Math.Sqrt(covariance.Length);
        _cross = cross;
        double trace = 0;
        for (int i = 0; i < taps; i++)
            trace += covariance[i * taps + i];
        // Inputs that never change give no error for any weights.
        _damping = trace > 0 ? damping * trace / taps : 1;
        for (int i = 0; i < taps; i++)
            covariance[i * taps + i] += _damping;
        _matrix = new DenseMatrix(taps, taps, covariance);
        Inverse = ((DenseMatrix)_matrix.Cholesky().Solve(DenseMatrix.CreateIdentity(taps))).Values;
    }

    /// <summary>Inverse of the matrix of the error, symmetric and positive definite.</summary>
    public double[] Inverse { get; }

    /// <summary>The weights of least error, for an output's old weights.</summary>
    public double[] Minimum(double[] weights) =>
        _cross is null ? (double[])weights.Clone() : [.. new DenseMatrix(weights.Length, weights.Length, Inverse) * new DenseVector(RightSide(weights))];

    /// <summary>The weights of least error among those that are 0 at some taps.</summary>
    /// <param name="weights">The output's old weights.</param>
    /// <param name="isKept">Taps that may have weights.</param>
    public double[] Minimum(double[] weights, bool[] isKept)
    {
        int[] kept = [.. Enumerable.Range(0, weights.Length).Where(tap => isKept[tap])];
        var result = new double[weights.Length];
        if (kept.Length == 0)
            return result;
        double[] rightSide = RightSide(weights);
        MathNet.Numerics.LinearAlgebra.Vector<double> solution = Part(kept).Cholesky().Solve(new DenseVector([.. kept.Select(tap => rightSide[tap])]));
        for (int i = 0; i < kept.Length; i++)
            result[kept[i]] = solution[i];
        return result;
    }

    /// <summary>What the removal of several taps at once adds to the errors of outputs, after the best change of their remaining weights: <c>Σ w[T]ᵀ (H⁻¹[T, T])⁻¹ w[T]</c>.</summary>
    /// <param name="minima">Weights of least error of each output.</param>
    /// <param name="taps">The taps T.</param>
    public double LossOf(IEnumerable<double[]> minima, int[] taps)
    {
        int all = _matrix.RowCount;
        var block = DenseMatrix.Create(taps.Length, taps.Length, (i, j) => Inverse[taps[i] * all + taps[j]]);
        MathNet.Numerics.LinearAlgebra.Factorization.Cholesky<double> factors = block.Cholesky();
        return minima.Sum(row =>
        {
            var removed = new DenseVector([.. taps.Select(tap => row[tap])]);
            return removed * factors.Solve(removed);
        });
    }

    /// <summary>
    /// Rounds weights to a grid, the largest first; those that are not rounded yet make up for the error of each, as in optimal brain quantisation
    /// (Frantar and Alistarh 2022).
    /// </summary>
    /// <param name="weights">Weights of least error among those with the same zeros; changed.</param>
    /// <param name="isKept">Taps that may have weights.</param>
    /// <param name="grid">What weights can be.</param>
    public void Round(double[] weights, bool[] isKept, WeightGrid grid)
    {
        int[] kept = [.. Enumerable.Range(0, weights.Length).Where(tap => isKept[tap]).OrderByDescending(tap => Math.Abs(weights[tap]))];
        if (kept.Length == 0)
            return;
        int[] reversed = [.. kept.Reverse()];
        var lower = (DenseMatrix)Part(reversed).Cholesky().Factor;
        for (int k = kept.Length - 1; k >= 0; k--)
        {
            double error = grid.Nearest(weights[reversed[k]]) - weights[reversed[k]];
            double[] changes = Compensation(lower, k, error);
            weights[reversed[k]] += error;
            for (int i = 0; i < k; i++)
                weights[reversed[i]] += changes[i];
        }
    }

    /// <summary>
    /// The best changes of the first k weights for a change of weight k, <c>-H[..k, ..k]⁻¹ H[..k, k] error</c>: with H = L Lᵀ it solves
    /// <c>L[..k, ..k]ᵀ changes = -L[k, ..k] error</c>.
    /// </summary>
    private static double[] Compensation(DenseMatrix lower, int k, double error)
    {
        int rows = lower.RowCount;
        var changes = new double[k];
        for (int i = k - 1; i >= 0; i--)
        {
            ReadOnlySpan<double> column = lower.Values.AsSpan(i * rows, rows);
            double sum = -column[k] * error - TensorPrimitives.Dot(column[(i + 1)..k], changes.AsSpan(i + 1));
            changes[i] = sum / column[i];
        }
        return changes;
    }

    /// <summary>The error of some weights above the least one.</summary>
    /// <param name="minimum">The weights of least error.</param>
    /// <param name="weights">Other weights.</param>
    public double Of(double[] minimum, double[] weights)
    {
        var difference = new DenseVector([.. minimum.Zip(weights, (a, b) => b - a)]);
        return difference * (_matrix * difference);
    }

    private DenseMatrix Part(int[] taps) => DenseMatrix.Create(taps.Length, taps.Length, (i, j) => _matrix[taps[i], taps[j]]);

    // H t, where t has the least error: old weights times the cross moments, and the pull of the damping.
    private double[] RightSide(double[] weights)
    {
        if (_cross is null)
            return [.. _matrix * new DenseVector(weights)];
        int taps = weights.Length;
        // Read by columns, row-major cross moments are transposed.
        MathNet.Numerics.LinearAlgebra.Vector<double> result = new DenseMatrix(taps, taps, _cross) * new DenseVector(weights);
        return [.. result.Select((value, tap) => value + _damping * weights[tap])];
    }
}
