using EdgeMl.Mcu.Toolchain.Calibrating;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>Quantises the weights of layers as the options say.</summary>
/// <param name="calibrated">The float graph.</param>
/// <param name="options">Bits and rounding.</param>
/// <param name="near">Layers that stay close to those of a base; null for none.</param>
internal sealed class LayerWeights(CalibratedGraph calibrated, QuantizationOptions options, NearWeights? near = null)
{
    /// <summary>
    /// Scales that are tried for a 4-bit channel, as parts of the one that holds its largest weight: with 15 levels, finer steps for many weights
    /// are worth the saturation of a few.
    /// </summary>
    private static readonly double[] FourBitRatios = [1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5];

    private static readonly double[] WholeRange = [1];

    /// <summary>The integer weights of a layer with a scale for each output channel.</summary>
    /// <param name="node">A layer with weights.</param>
    /// <param name="inputScale">Scale of its input.</param>
    /// <param name="outputScale">Scale of its output.</param>
    public Tensor Quantize(Node node, float inputScale, float outputScale)
    {
        Tensor weights = node.Inputs[1]!;
        if (near?.Weights(node) is { } close)
            return close;
        float[] reals = weights.Reals();
        int axis = OperatorRules.WeightAxis(node.Operator)!.Value;
        int bits = Bits(node);
        float[] scales = WeightQuantizer.Scales(
            reals, weights.Shape, axis, node.InputOrNull(2)?.Reals(), inputScale, outputScale, bits, out double[] least);
        sbyte[] integers;
        if (options.Rounding == WeightRounding.SecondMoments && calibrated.Moments(node) is { } moments)
            (scales, integers) = Rounded(node, moments, scales, least, bits);
        else
            integers = WeightQuantizer.Nearest(reals, weights.Shape, axis, scales, bits);
        return new Tensor(
            weights.Name, bits == 4 ? ElementType.Int4 : ElementType.Int8, weights.Shape, new Quantization(scales, new int[scales.Length], axis), integers);
    }

    /// <summary>The integer biases of a layer.</summary>
    /// <param name="node">A layer with a bias.</param>
    /// <param name="inputScale">Scale of its input.</param>
    /// <param name="weights">What <see cref="Quantize"/> gave.</param>
    public Tensor Bias(Node node, float inputScale, Tensor weights) =>
        near?.Bias(node, inputScale) ?? WeightQuantizer.Bias(node.Inputs[2]!, inputScale, weights.Quantization!.Scales);

    private (float[] Scales, sbyte[] Integers) Rounded(Node node, LayerMoments moments, float[] scales, double[] least, int bits)
    {
        // What a change of the weights does to the mean of an output is the bias' to correct.
        bool biasTakesMean = options.CorrectBias && node.InputOrNull(2) is not null;
        if (!calibrated.Roundings.TryGetValue((node, bits, biasTakesMean), out RoundedLayer? known) || !known.IsFor(scales, least))
        {
            float[] chosen = [.. scales];
            known = new RoundedLayer(scales, least, chosen, Round(node.Inputs[1]!.Reals(), moments, chosen, least, bits, biasTakesMean));
            calibrated.Roundings[(node, bits, biasTakesMean)] = known;
        }
        return (known.Chosen, known.Integers);
    }

    private int Bits(Node node)
    {
        if (!OperatorRules.TakesFourBitWeights(node.Operator))
            return 8;
        return options.FourBitNodes is { } nodes ? nodes.Contains(calibrated.Graph.Nodes.IndexOf(node)) ? 4 : 8 : options.WeightBits;
    }

    /// <summary>Rounds all channels; replaces scales that were found to be better ones.</summary>
    private sbyte[] Round(float[] reals, LayerMoments moments, float[] scales, double[] least, int bits, bool biasTakesMean)
    {
        LinearNode layer = moments.Layer;
        int limit = WeightQuantizer.LargestWeight(bits);
        var integers = new sbyte[reals.Length];
        for (int group = 0; group < layer.Groups; group++)
        {
            var rounding = new SecondMomentRounding(biasTakesMean ? moments.Covariance(group) : moments.SecondMoments(group), layer.Taps);
            Parallel.For(group * layer.OutputsPerGroup, (group + 1) * layer.OutputsPerGroup, new ParallelOptions { CancellationToken = calibrated.Cancellation }, output =>
            {
                var weights = new double[layer.Taps];
                for (int tap = 0; tap < weights.Length; tap++)
                    weights[tap] = reals[layer.WeightIndex(output, tap)];
                double[] candidates = [.. (bits == 4 ? FourBitRatios : WholeRange).Select(ratio => (double)(float)Math.Max(least[output], ratio * scales[output])).Distinct()];
                (double scale, int[] rounded) = rounding.Round(weights, candidates, limit);
                scales[output] = (float)scale;
                for (int tap = 0; tap < weights.Length; tap++)
                    integers[layer.WeightIndex(output, tap)] = (sbyte)rounded[tap];
            });
        }
        return integers;
    }
}

/// <summary>A layer's weights as second moments rounded them.</summary>
/// <param name="Scales">The usual scale of each channel.</param>
/// <param name="Least">The least scale that each channel may have.</param>
/// <param name="Chosen">The scale of each channel.</param>
/// <param name="Integers">The weights.</param>
internal sealed record RoundedLayer(float[] Scales, double[] Least, float[] Chosen, sbyte[] Integers)
{
    /// <summary>Whether other scales would give the same: those that may not be undercut matter only where they come near.</summary>
    public bool IsFor(float[] scales, double[] least)
    {
        return Scales.AsSpan().SequenceEqual(scales) && Floors(Least).SequenceEqual(Floors(least));

        IEnumerable<double> Floors(double[] values) => values.Select((value, channel) => value < scales[channel] / 2 ? 0 : value);
    }
}
