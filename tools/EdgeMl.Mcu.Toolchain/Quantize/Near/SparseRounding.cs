using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>
/// Rounds the weights of one output so that few of them differ from given integers: starting there, the one weight whose move lessens the error of the output most
/// moves, until the error is small enough. Orthogonal-matching-pursuit style, on integers.
/// </summary>
internal static class SparseRounding
{
    /// <summary>Moves of one weight, on average, after which the search ends in any case.</summary>
    private const int MovesPerWeight = 4;

    /// <summary>Variance of an error that is uniform within a step.</summary>
    private const double StepVariance = 1.0 / 12;

    /// <summary>Part of the mean of the diagonal that is added to moments.</summary>
    private const double Damping = 0.01;

    /// <summary>The error that independent rounding to the nearest integer is expected to have.</summary>
    public static double Expected(double[] moments, int taps) => StepVariance * Trace(moments, taps);

    /// <summary>Moments with more on the diagonal, so that inputs which hardly vary in the samples keep their weights.</summary>
    public static double[] Damped(double[] moments, int taps)
    {
        double[] damped = [.. moments];
        double damping = Math.Max(Damping * Trace(moments, taps) / taps, double.Epsilon);
        for (int i = 0; i < taps; i++)
            damped[(i * taps) + i] += damping;
        return damped;
    }

    /// <summary>Finds the integers.</summary>
    /// <param name="start">The integers to stay at.</param>
    /// <param name="target">What they should be, in steps.</param>
    /// <param name="moments">M of the error <c>eᵀ M e</c> with e the difference to the target: symmetric, positive semidefinite, row-major.</param>
    /// <param name="enough">The error that is small enough.</param>
    /// <param name="limit">Largest magnitude of an integer that moves.</param>
    /// <param name="isFixed">Weights that do not move; null for none.</param>
    public static int[] Approach(int[] start, double[] target, double[] moments, double enough, int limit, bool[]? isFixed = null)
    {
        int count = start.Length;
        int[] integers = [.. start];
        var difference = new double[count];
        for (int i = 0; i < count; i++)
            difference[i] = start[i] - target[i];
        var gradient = new double[count];
        for (int i = 0; i < count; i++)
            gradient[i] = TensorPrimitives.Dot<double>(moments.AsSpan(i * count, count), difference);
        double error = TensorPrimitives.Dot<double>(gradient, difference);
        for (int move = 0; move < MovesPerWeight * count && error > enough; move++)
        {
            (int best, int bestStep, double bestGain) = (-1, 0, 0);
            for (int i = 0; i < count; i++)
            {
                double curvature = moments[(i * count) + i];
                if (curvature <= 0 || isFixed?[i] == true)
                    continue;
                int step = (int)Math.Clamp(Math.Round(integers[i] - (gradient[i] / curvature)), -limit, limit) - integers[i];
                double gain = -step * ((2 * gradient[i]) + (step * curvature));
                if (gain > bestGain)
                    (best, bestStep, bestGain) = (i, step, gain);
            }
            if (best < 0)
                break;
            integers[best] += bestStep;
            error -= bestGain;
            TensorPrimitives.MultiplyAdd(moments.AsSpan(best * count, count), bestStep, gradient, gradient);
        }
        return integers;
    }

    /// <summary>The same where nothing is known of what the weights are multiplied with: each moves that is further from its target than a tolerance.</summary>
    public static int[] Approach(int[] start, double[] target, double tolerance, int limit) =>
        [.. start.Zip(target, (integer, real) => Math.Abs(integer - real) <= tolerance ? integer : (int)Math.Clamp(Math.Round(real), -limit, limit))];

    private static double Trace(double[] matrix, int size) => Enumerable.Range(0, size).Sum(i => matrix[(i * size) + i]);
}
