using System.Collections.Concurrent;
using EdgeMl.Mcu.Toolchain.Calibrating;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>
/// Weights and biases that differ from a base's as little as a tolerance allows: what the rounding does to the mean square of an output, over the calibration data, is at
/// most the tolerance times what independent rounding to the nearest integer is expected to do.
/// </summary>
/// <param name="calibrated">The float graph.</param>
/// <param name="scales">The base's scales.</param>
/// <param name="tolerance">1 or more.</param>
internal sealed class NearWeights(CalibratedGraph calibrated, NearScales scales, double tolerance)
{
    private const int Limit = sbyte.MaxValue;

    /// <summary>Part of the allowed error that a bias may have.</summary>
    private const double BiasShare = 0.25;

    /// <summary>A bias as near as this part of an output step is as good.</summary>
    private const double BiasStep = 1.0 / 16;

    private readonly ConcurrentDictionary<Node, RoundedOutput[]> _rounded = [];

    /// <summary>The base's scales.</summary>
    public NearScales Scales => scales;

    /// <summary>The weights of a layer; null where it has none of the base's.</summary>
    public Tensor? Weights(Node node)
    {
        if (!scales.Layers.TryGetValue(node, out NearLayer? layer))
            return null;
        RoundedOutput[] outputs = Rounded(layer);
        Tensor weights = node.Inputs[1]!;
        var integers = new sbyte[weights.Shape.ElementCount];
        for (int output = 0; output < outputs.Length; output++)
        {
            for (int tap = 0; tap < layer.Linear.Taps; tap++)
                integers[layer.Linear.WeightIndex(output, tap)] = (sbyte)outputs[output].Weights[tap];
        }
        float[] reals = Array.ConvertAll(layer.Scales, scale => (float)scale);
        return new Tensor(weights.Name, ElementType.Int8, weights.Shape, new Quantization(reals, new int[reals.Length], OperatorRules.WeightAxis(node.Operator)!.Value), integers);
    }

    /// <summary>The biases of a layer; null where it has none of the base's.</summary>
    public Tensor? Bias(Node node, float inputScale)
    {
        if (!scales.Layers.TryGetValue(node, out NearLayer? layer))
            return null;
        float[] steps = Array.ConvertAll(layer.Scales, scale => (float)(inputScale * scale));
        return new Tensor(node.Inputs[2]!.Name, ElementType.Int32, node.Inputs[2]!.Shape, new Quantization(steps, new int[steps.Length]), Array.ConvertAll(Rounded(layer), output => output.Bias));
    }

    private RoundedOutput[] Rounded(NearLayer layer) => _rounded.GetOrAdd(layer.Linear.Node, _ => Round(layer));

    private RoundedOutput[] Round(NearLayer layer)
    {
        LinearNode linear = layer.Linear;
        LayerMoments? moments = calibrated.Moments(linear.Node);
        float[]? biases = linear.Node.InputOrNull(2)?.Reals();
        var outputs = new RoundedOutput[linear.Outputs];
        for (int group = 0; group < linear.Groups; group++)
        {
            double[]? matrix = moments is null ? null : SparseRounding.Damped(biases is null ? moments.SecondMoments(group) : moments.Covariance(group), linear.Taps);
            double[]? mean = moments?.Mean(group);
            Parallel.For(group * linear.OutputsPerGroup, (group + 1) * linear.OutputsPerGroup, new ParallelOptions { CancellationToken = calibrated.Cancellation },
                output => outputs[output] = Round(layer, output, matrix, mean, biases?[output] ?? 0));
        }
        return outputs;
    }

    private RoundedOutput Round(NearLayer layer, int output, double[]? moments, double[]? mean, double bias)
    {
        double scale = layer.Scales[output];
        double[] target = Array.ConvertAll(NearScales.Reals(layer.Linear, output), real => real / scale);
        int[] original = layer.Base.Row(output);
        double enough = moments is null ? 0 : tolerance * SparseRounding.Expected(moments, target.Length);
        int[] integers = moments is null
            ? SparseRounding.Approach(original, target, Math.Sqrt(tolerance) / 2, Limit)
            : SparseRounding.Approach(original, target, moments, enough, Limit);
        if (mean is not null)
            bias += scale * target.Select((real, tap) => (real - integers[tap]) * mean[tap]).Sum();
        double step = layer.Input.Scale * scale;
        int originalBias = layer.Base.Bias(output, layer.Input.ZeroPoint);
        double allowed = Math.Max(Math.Sqrt(BiasShare * enough) * scale, BiasStep * layer.Output.Scale);
        bool stays = layer.HasInputOfBase && Math.Abs(bias - (originalBias * step)) <= allowed;
        return new RoundedOutput(integers, stays ? originalBias : (int)Math.Clamp(Math.Round(bias / step), -WeightQuantizer.LargestBias, WeightQuantizer.LargestBias));
    }

    private sealed record RoundedOutput(int[] Weights, int Bias);
}
