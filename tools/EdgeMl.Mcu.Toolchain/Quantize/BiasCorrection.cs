using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Pruning;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>
/// Empirical bias correction (M. Nagel et al., "Data-free quantization through weight equalization and bias correction", 2019, appendix D): layer by
/// layer, the mean that a quantised layer's output channel lacks against the float one, before its fused clamp, is added to its bias. Later
/// layers see the corrected ones.
/// </summary>
internal static class BiasCorrection
{
    /// <summary>As many samples are used as their activations fit into.</summary>
    private const long BytesMax = 64L << 20;

    private const int SamplesMax = 256;

    /// <summary>Corrects the biases of a quantised graph in place. Layers without a bias are left as they are.</summary>
    /// <param name="graph">The float graph.</param>
    /// <param name="quantized">Its int8 graph.</param>
    /// <param name="quantizedOf">The int8 tensor of a float graph's activation.</param>
    /// <param name="samples">Calibration samples; evenly spread ones are used where they are many.</param>
    /// <param name="cancellation">Stops between samples.</param>
    public static void Apply(
        ModelGraph graph, ModelGraph quantized, Func<Tensor, Tensor> quantizedOf, IReadOnlyList<float[][]> samples, CancellationToken cancellation)
    {
        long bytes = Math.Max(1, sizeof(float) * (SampleStates.PeakElements(graph) + SampleStates.PeakElements(quantized)));
        float[][][] used = CalibrationSplit.Spread(samples, (int)Math.Clamp(BytesMax / bytes, 1, SamplesMax));
        var real = SampleStates.Start(graph, used, ActivationPrecision.Real);
        var rounded = SampleStates.Start(quantized, Rounded(quantized, used), ActivationPrecision.FakeQuantized);
        Dictionary<Tensor, Node> sources = graph.Nodes.Where(node => IsCorrected(graph, node)).ToDictionary(node => quantizedOf(node.Output));
        foreach (Node node in quantized.Nodes)
        {
            if (sources.TryGetValue(node.Output, out Node? source))
            {
                while (graph.Nodes[real.Next] != source)
                    real.Advance(cancellation);
                double[] expected = Mean(real, graph, cancellation), actual = Mean(rounded, quantized, cancellation);
                Correct(node, [.. expected.Zip(actual, (a, b) => a - b)]);
            }
            rounded.Advance(cancellation);
        }
    }

    private static bool IsCorrected(ModelGraph graph, Node node) =>
        OperatorRules.WeightAxis(node.Operator) is not null && node.InputOrNull(2) is not null
        && (graph.IsOutput(node.Output) || graph.Consumers(node.Output).Any());

    /// <summary>Samples as the int8 inputs of a graph can hold them.</summary>
    private static float[][][] Rounded(ModelGraph quantized, float[][][] samples) => Array.ConvertAll(samples, sample => quantized.Inputs.Select((port, i) =>
    {
        float[] values = [.. sample[i]];
        QuantizeKernels.FakeQuantize(port.Tensor, values);
        return values;
    }).ToArray());

    /// <summary>Mean of each output channel of the layer that runs next, without its clamp and without rounding.</summary>
    private static double[] Mean(SampleStates states, ModelGraph graph, CancellationToken cancellation)
    {
        ModelGraph layer = GraphSections.Slice(graph, states.Next, states.Next + 1);
        Node node = layer.Nodes[0];
        layer.Nodes[0] = new Node(node.Name, OperatorRules.WithoutActivation(node.Operator), node.Inputs, [.. node.Outputs]);
        float[][][] inputs = [.. Enumerable.Range(0, states.SampleCount).Select(sample => layer.Inputs.Select(port => states.Values(port.Tensor)[sample]).ToArray())];
        var sums = new double[node.Output.Shape[-1]];
        long rows = 0;
        foreach (IReadOnlyList<float[]> outputs in new FloatExecutor(layer).RunBatch(inputs, cancellation))
        {
            for (int i = 0; i < outputs[0].Length; i++)
                sums[i % sums.Length] += outputs[0][i];
            rows += outputs[0].Length / sums.Length;
        }
        return Array.ConvertAll(sums, sum => sum / rows);
    }

    private static void Correct(Node node, double[] change)
    {
        Tensor bias = node.Inputs[2]!;
        int[] integers = [.. (int[])bias.Data!];
        for (int channel = 0; channel < integers.Length; channel++)
        {
            double corrected = Math.Round(integers[channel] + change[channel] / bias.Quantization!.ScaleOf(channel));
            integers[channel] = (int)Math.Clamp(corrected, -WeightQuantizer.LargestBias, WeightQuantizer.LargestBias);
        }
        bias.Data = integers;
    }
}
