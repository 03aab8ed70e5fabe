using EdgeMl.Mcu.Toolchain.Calibrating;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>
/// Moves what pruning left of the weights of a device layer back to a base's, as far as a tolerance allows: what that does to the mean square of an output is at most the
/// tolerance times what rounding to the nearest integer is expected to do. Weights that pruning removed stay 0.
/// </summary>
/// <param name="original">The base.</param>
/// <param name="tolerance">1 or more.</param>
internal sealed class NearPruning(BaseModel original, double tolerance)
{
    /// <summary>Part of the allowed error that a bias may have.</summary>
    private const double BiasShare = 0.25;

    /// <summary>A bias as near as this part of an output step is as good.</summary>
    private const double BiasStep = 1.0 / 16;

    /// <summary>The weights of a layer; those given, where the base does not have it or has other multipliers.</summary>
    /// <param name="layer">The layer as it was before.</param>
    /// <param name="pruned">Its weights after pruning.</param>
    /// <param name="inputs">What it reads, for each sample.</param>
    /// <param name="cancellation">Stops between outputs.</param>
    public LayerWeights Approach(DeviceLinearLayer layer, LayerWeights pruned, float[][] inputs, CancellationToken cancellation)
    {
        LinearNode linear = layer.Linear;
        float[] scales = linear.Node.Inputs[1]!.Quantization!.Scales;
        BaseLayer? known = original.Find(NearScales.ShortName(linear.Node.Name), linear.Outputs, linear.Taps);
        if (known is null || pruned.Grids is not { } grids || !known.Multipliers.Select(multiplier => (float)BaseLayer.Value(multiplier)).SequenceEqual(scales))
            return pruned;
        LayerMoments moments = LayerInputs.MomentsOf(linear, inputs, cancellation);
        var rows = new double[linear.Outputs][];
        var biases = new double[linear.Outputs];
        for (int group = 0; group < linear.Groups; group++)
        {
            double[] matrix = SparseRounding.Damped(moments.Covariance(group), linear.Taps), mean = moments.Mean(group);
            double enough = tolerance * SparseRounding.Expected(matrix, linear.Taps);
            Parallels.For(linear.OutputsPerGroup, index =>
            {
                int output = (group * linear.OutputsPerGroup) + index;
                (rows[output], biases[output]) = Approach(known, pruned, grids[output], output, matrix, mean, enough);
            }, cancellation);
        }
        return pruned with { Rows = rows, Bias = biases };
    }

    private static (double[] Row, double Bias) Approach(BaseLayer known, LayerWeights pruned, WeightGrid grid, int output, double[] moments, double[] mean, double enough)
    {
        int[] integers = Array.ConvertAll(pruned.Rows[output], grid.Integer);
        bool[] isZero = Array.ConvertAll(integers, integer => integer == grid.ZeroPoint);
        int[] start = [.. known.Row(output).Zip(isZero, (integer, zero) => zero ? 0 : integer)];
        int[] near = SparseRounding.Approach(start, Array.ConvertAll(integers, integer => (double)integer), moments, enough, sbyte.MaxValue, isZero);
        double bias = (pruned.Bias![output] / grid.BiasScale) + near.Select((integer, tap) => (integers[tap] - integer) * mean[tap]).Sum();
        int knownBias = known.Bias(output, pruned.Layer.Node.Input.Quantization!.ZeroPoint);
        double allowed = Math.Max(Math.Sqrt(BiasShare * enough), BiasStep / grid.Scale);
        bool stays = Math.Abs(bias - knownBias) <= allowed;
        return (Array.ConvertAll(near, integer => integer * grid.Scale), (stays ? knownBias : bias) * grid.BiasScale);
    }
}
