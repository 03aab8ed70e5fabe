using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>The taps of a bundle of outputs in the order in which they are best removed.</summary>
/// <param name="Order">Every tap once.</param>
/// <param name="Losses">What the removal of each adds to the quadratic error, after the best change of the remaining weights; never negative. 0 for those that had to go.</param>
internal sealed record Elimination(int[] Order, double[] Losses)
{
    /// <summary>
    /// Exact optimal brain surgeon on the rows of a layer whose taps go together: removes the tap p with the least <c>Σ w[p]² / A[p,p]</c> over the rows, A being the
    /// inverse of the matrix of the quadratic error of the taps that are left, lets these change by <c>-w[p] / A[p,p] * A[:,p]</c>, and takes p out of A by one step of
    /// Gaussian elimination (Hassibi and Stork 1993; Frantar and Alistarh 2022).
    /// </summary>
    /// <param name="rows">Weights of each output, the minimum of its error; used up.</param>
    /// <param name="inverses">Inverse of each output's matrix, symmetric and positive definite, row-major. Not changed; outputs may share one.</param>
    /// <param name="isFirst">Taps that go before all others.</param>
    public static Elimination Of(double[][] rows, IReadOnlyList<double[]> inverses, bool[] isFirst)
    {
        int taps = rows[0].Length;
        var shared = inverses.Distinct().ToList();
        double[][] matrices = [.. shared.Select(inverse => (double[])inverse.Clone())];
        int[] matrixOf = [.. inverses.Select(inverse => shared.IndexOf(inverse))];
        int[] taken = [.. Enumerable.Range(0, taps)];
        var result = new Elimination(new int[taps], new double[taps]);
        var pivot = new double[taps];
        for (int step = 0; step < taps; step++)
        {
            int active = taps - step;
            (int place, double loss) = Least(rows, matrices, matrixOf, tap => isFirst[taken[tap]], active);
            result.Order[step] = taken[place];
            result.Losses[step] = loss;
            int last = active - 1;
            (taken[place], taken[last]) = (taken[last], taken[place]);
            for (int m = 0; m < matrices.Length; m++)
            {
                SwapAxes(matrices[m], taps, place, last, active);
                matrices[m].AsSpan(last * taps, active).CopyTo(pivot);
                for (int r = 0; r < rows.Length; r++)
                {
                    if (matrixOf[r] == m)
                        RemoveFromRow(rows[r], pivot, place, last);
                }
                RemoveFromMatrix(matrices[m], taps, pivot, last);
            }
        }
        return result;
    }

    private static (int Place, double Loss) Least(double[][] rows, double[][] matrices, int[] matrixOf, Func<int, bool> isFirst, int active)
    {
        int taps = rows[0].Length, best = 0;
        double least = double.PositiveInfinity;
        for (int p = 0; p < active; p++)
        {
            double loss = 0;
            for (int r = 0; r < rows.Length; r++)
                loss += rows[r][p] * rows[r][p] / matrices[matrixOf[r]][p * taps + p];
            if (isFirst(p))
                return (p, 0);
            if (loss < least)
                (best, least) = (p, loss);
        }
        return (best, least);
    }

    private static void SwapAxes(double[] matrix, int taps, int a, int b, int active)
    {
        if (a == b)
            return;
        Span<double> rowA = matrix.AsSpan(a * taps, active), rowB = matrix.AsSpan(b * taps, active);
        for (int i = 0; i < active; i++)
            (rowA[i], rowB[i]) = (rowB[i], rowA[i]);
        for (int i = 0; i < active; i++)
            (matrix[i * taps + a], matrix[i * taps + b]) = (matrix[i * taps + b], matrix[i * taps + a]);
    }

    private static void RemoveFromRow(double[] row, double[] pivot, int place, int last)
    {
        (row[place], row[last]) = (row[last], row[place]);
        Span<double> rest = row.AsSpan(0, last);
        TensorPrimitives.MultiplyAdd(pivot.AsSpan(0, last), -row[last] / pivot[last], rest, rest);
    }

    private static void RemoveFromMatrix(double[] matrix, int taps, double[] pivot, int last)
    {
        ReadOnlySpan<double> source = pivot.AsSpan(0, last);
        for (int i = 0; i < last; i++)
        {
            Span<double> row = matrix.AsSpan(i * taps, last);
            TensorPrimitives.MultiplyAdd(source, -pivot[i] / pivot[last], row, row);
        }
    }
}
