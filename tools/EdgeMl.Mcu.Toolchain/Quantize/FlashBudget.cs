using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Inspect;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>
/// Mixed precision: as few layers with 4-bit weights as make the device file fit, those whose coarser weights cost least. What a layer costs is measured: the
/// noise that its 4-bit weights alone add to the model's outputs on held-back calibration samples.
/// </summary>
public static class FlashBudget
{
    /// <summary>Sizes are compared in as many units at most, so that the choice takes no time.</summary>
    private const int UnitsMax = 4096;

    /// <summary>Further choices where the file comes out larger than predicted.</summary>
    private const int RetriesMax = 4;

    /// <summary>Quantises a graph so that its file fits.</summary>
    /// <param name="graph">The float graph, passes applied.</param>
    /// <param name="samples">Calibration samples: for each the real values of each input in the graph's layout, row-major.</param>
    /// <param name="bytes">Most bytes of the file.</param>
    /// <param name="fileBytes">Size of the file of what <paramref name="quantize"/> gives.</param>
    /// <param name="quantize">Quantises the graph with the bits that the options say.</param>
    /// <param name="progress">Told the finished part of the choice, 0 to 1, from any thread.</param>
    /// <param name="cancellation">Stops between samples.</param>
    /// <returns>What <paramref name="quantize"/> gave for the chosen bits.</returns>
    /// <exception cref="ToolchainException">
    /// As <see cref="PostTrainingQuantizer.Quantize"/>; <see cref="ErrorCodes.DoesNotFit"/>: not even with 4 bits wherever they are possible.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static T Quantize<T>(
        ModelGraph graph, IReadOnlyList<float[][]> samples, long bytes, Func<T, long> fileBytes, Func<QuantizationOptions, T> quantize,
        IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        PostTrainingQuantizer.Check(graph, samples);
        T plain = quantize(new QuantizationOptions());
        long eight = fileBytes(plain);
        if (eight <= bytes)
            return plain;
        int[] layers = [.. Enumerable.Range(0, graph.Nodes.Count).Where(i => OperatorRules.TakesFourBitWeights(graph.Nodes[i].Operator))];
        long[] saved = [.. layers.Select(i => SavedBytes(graph.Nodes[i]))];
        if (eight - saved.Sum() > bytes)
        {
            T smallest = quantize(Options(layers));
            return fileBytes(smallest) <= bytes ? smallest : throw DoesNotFit(graph, bytes, eight, fileBytes(smallest));
        }
        double[] costs = Costs(graph, samples, layers, progress, cancellation);
        long needed = eight - bytes, actual = 0;
        for (int retry = 0; retry <= RetriesMax; retry++)
        {
            T result = quantize(Options(Choose(layers, saved, costs, needed)));
            actual = fileBytes(result);
            if (actual <= bytes)
                return result;
            needed += actual - bytes;
        }
        throw DoesNotFit(graph, bytes, eight, actual);
    }

    /// <summary>The layers of least total cost that save as much as is needed: a knapsack, solved exactly but for the rounding of sizes.</summary>
    internal static int[] Choose(int[] layers, long[] saved, double[] costs, long needed)
    {
        if (saved.Sum() <= needed)
            return layers;
        long unit = (needed + UnitsMax - 1) / UnitsMax;
        int target = (int)((needed + unit - 1) / unit);
        // least[u]: the least cost of saving u units or more with the layers so far.
        double[] least = [0, .. Enumerable.Repeat(double.PositiveInfinity, target)];
        var takes = new bool[layers.Length, target + 1];
        for (int i = 0; i < layers.Length; i++)
        {
            long units = saved[i] / unit;
            for (int u = target; u > 0 && units > 0; u--)
            {
                double cost = least[Math.Max(0, u - units)] + costs[i];
                if (cost < least[u])
                    (least[u], takes[i, u]) = (cost, true);
            }
        }
        if (double.IsInfinity(least[target]))
            return layers;
        var chosen = new List<int>();
        long rest = target;
        for (int i = layers.Length - 1; i >= 0 && rest > 0; i--)
        {
            if (!takes[i, rest])
                continue;
            chosen.Add(layers[i]);
            rest = Math.Max(0, rest - saved[i] / unit);
        }
        return [.. chosen];
    }

    /// <summary>Noise that each layer's 4-bit weights add to the outputs, as a part of their power; never 0, so that no layer is taken for nothing.</summary>
    private static double[] Costs(ModelGraph graph, IReadOnlyList<float[][]> samples, int[] layers, IProgress<double>? progress, CancellationToken cancellation)
    {
        CalibrationSplit split = CalibrationSplit.Of(samples.Count);
        var calibrated = new CalibratedGraph(graph, [.. split.Estimation.Select(i => samples[i])], null, cancellation);
        var measure = new QualityMeasure(graph, [.. split.HeldBack.Select(i => samples[i])], null, cancellation);
        double plain = Noise([]);
        var costs = new double[layers.Length];
        for (int i = 0; i < layers.Length; i++)
        {
            costs[i] = Math.Max(Noise([layers[i]]) - plain, 1e-3 * plain + double.Epsilon);
            progress?.Report((i + 1.0) / layers.Length);
        }
        return costs;

        double Noise(int[] fourBits) => measure.Of(
            PostTrainingQuantizer.QuantizeCalibrated(calibrated, Options(fourBits) with
            {
                Rounding = WeightRounding.SecondMoments,
                CorrectBias = true,
                SignalToNoiseSamples = 0,
            }).Graph, null, cancellation).Noise;
    }

    private static QuantizationOptions Options(int[] fourBits) => new() { FourBitNodes = fourBits.ToHashSet() };

    private static long SavedBytes(Node node)
    {
        Shape weights = node.Inputs[1]!.Shape;
        return weights.ElementCount / weights[0] / 2 * (long)weights[0];
    }

    private static ToolchainException DoesNotFit(ModelGraph graph, long bytes, long eight, long four) => new(
        ErrorCodes.DoesNotFit,
        $"'{graph.Name}' needs {four:N0} bytes with 4-bit weights wherever they are possible and {eight:N0} with 8 bits; the flash budget is {bytes:N0}, "
        + $"{four - bytes:N0} too few. Its weights are {LayerCost.Of(graph).Weights:N0}.",
        "Give a larger --flash-budget, or a model with fewer weights.");
}
