using MathNet.Numerics.LinearAlgebra;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>
/// Rounds the weights w of one output to integers q times a scale so that <c>eᵀ H e</c> with <c>e = s q - w</c> is small: the mean square of what the
/// rounding does to that output, for the second moments H of what it reads.
/// </summary>
/// <remarks>
/// One weight after another is rounded to make up for those before it (E. Frantar et al., "GPTQ", 2022), in the form of Babai's nearest plane on the
/// Cholesky factor of H, the weights of the strongest inputs first; then single weights move as long as that helps (K. Behdin et al., "QuantEase", 2023).
/// The result is never worse than rounding each weight to the nearest integer with the first scale: where it would be, that is the result.
/// </remarks>
internal sealed class SecondMomentRounding
{
    /// <summary>Part of the mean diagonal that is added to H, so that inputs which hardly vary in the samples keep their weights.</summary>
    private const double Damping = 0.01;

    /// <summary>Scales that are rounded in full; the others are compared with nearest rounding only.</summary>
    private const int ScalesMax = 3;

    private const int SweepsMax = 20;

    private readonly int _taps;
    private readonly double[] _moments;
    private readonly int[] _order;
    private readonly double[] _damped;
    private readonly double[] _factor;

    /// <param name="moments">H: symmetric, positive semidefinite, taps × taps, row-major.</param>
    /// <param name="taps">Weights of one output.</param>
    public SecondMomentRounding(double[] moments, int taps)
    {
        _taps = taps;
        _moments = moments;
        double trace = 0;
        for (int i = 0; i < taps; i++)
            trace += Math.Max(moments[i * taps + i], 0);
        double damping = trace > 0 ? Damping * trace / taps : 1;
        // The last one is rounded first.
        _order = [.. Enumerable.Range(0, taps).OrderBy(i => moments[i * taps + i])];
        _damped = new double[taps * taps];
        for (int i = 0; i < taps; i++)
        {
            for (int j = 0; j < taps; j++)
                _damped[i * taps + j] = moments[_order[i] * taps + _order[j]] + (i == j ? damping : 0);
        }
        // The rows of Lᵀ are the columns of L, which is how the factor is stored.
        _factor = Matrix<double>.Build.Dense(taps, taps, (double[])_damped.Clone()).Cholesky().Factor.ToColumnMajorArray();
    }

    /// <summary><c>eᵀ H e</c> for the error of integers.</summary>
    public double Error(ReadOnlySpan<double> weights, double scale, ReadOnlySpan<int> integers)
    {
        var error = new double[_taps];
        for (int i = 0; i < _taps; i++)
            error[i] = scale * integers[i] - weights[i];
        double sum = 0;
        for (int i = 0; i < _taps; i++)
        {
            if (error[i] != 0)
                sum += error[i] * TensorPrimitives.Dot<double>(_moments.AsSpan(i * _taps, _taps), error);
        }
        return sum;
    }

    /// <summary>The best scale and its integers.</summary>
    /// <param name="weights">Real weights of one output.</param>
    /// <param name="scales">Scales to choose from; the first is the usual one.</param>
    /// <param name="limit">Largest magnitude of an integer.</param>
    public (double Scale, int[] Integers) Round(double[] weights, IReadOnlyList<double> scales, int limit)
    {
        (double Error, double Scale, int[] Integers)[] nearest = [.. scales.Select(scale =>
        {
            int[] integers = Nearest(weights, scale, limit);
            return (Error(weights, scale, integers), scale, integers);
        })];
        (double Error, double Scale, int[] Integers) best = nearest[0];
        foreach ((double Error, double Scale, int[] Integers) start in nearest.OrderBy(candidate => candidate.Error).Take(ScalesMax))
        {
            if (start.Error < best.Error)
                best = start;
            foreach (int[] integers in new[] { start.Integers, Planes(weights, start.Scale, limit) })
            {
                int[] improved = Sweep(weights, start.Scale, limit, integers);
                double error = Error(weights, start.Scale, improved);
                if (error < best.Error)
                    best = (error, start.Scale, improved);
            }
        }
        return (best.Scale, best.Integers);
    }

    private static int[] Nearest(double[] weights, double scale, int limit) => Array.ConvertAll(weights, weight => Nearest(weight / scale, limit));

    private static int Nearest(double value, int limit) => (int)Math.Clamp(Math.Round(value, MidpointRounding.AwayFromZero), -limit, limit);

    /// <summary>
    /// With <c>H = L Lᵀ</c> the error is the square of <c>Lᵀ e</c>, whose element i depends on e from i on: from the last one, each weight is rounded to the
    /// integer that makes its element smallest.
    /// </summary>
    private int[] Planes(double[] weights, double scale, int limit)
    {
        var integers = new int[_taps];
        var error = new double[_taps];
        for (int i = _taps - 1; i >= 0; i--)
        {
            int start = i * _taps + i;
            double carried = TensorPrimitives.Dot<double>(_factor.AsSpan(start + 1, _taps - 1 - i), error.AsSpan(i + 1)) / _factor[start];
            double weight = weights[_order[i]];
            int integer = Nearest((weight - carried) / scale, limit);
            integers[_order[i]] = integer;
            error[i] = scale * integer - weight;
        }
        return integers;
    }

    /// <summary>Moves single weights to the best integer given the others, until none moves.</summary>
    private int[] Sweep(double[] weights, double scale, int limit, int[] start)
    {
        int[] integers = [.. start];
        var error = new double[_taps];
        for (int i = 0; i < _taps; i++)
            error[i] = scale * integers[_order[i]] - weights[_order[i]];
        var gradient = new double[_taps];
        for (int i = 0; i < _taps; i++)
            gradient[i] = TensorPrimitives.Dot<double>(_damped.AsSpan(i * _taps, _taps), error);
        bool moved = true;
        for (int sweep = 0; sweep < SweepsMax && moved; sweep++)
        {
            moved = false;
            for (int i = 0; i < _taps; i++)
            {
                ref int integer = ref integers[_order[i]];
                double curvature = _damped[i * _taps + i];
                int target = Nearest(integer - gradient[i] / (curvature * scale), limit);
                double change = (target - integer) * scale;
                if (change * (2 * gradient[i] + change * curvature) >= 0)
                    continue;
                integer = target;
                TensorPrimitives.MultiplyAdd(_damped.AsSpan(i * _taps, _taps), change, gradient, gradient);
                moved = true;
            }
        }
        return integers;
    }
}
