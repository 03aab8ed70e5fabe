using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>
/// Post-training quantisation to int8: asymmetric activations per tensor in which 0 is exact, symmetric weights per output channel,
/// int32 biases. Softmax, Logistic (1/256, -128), Tanh (1/128, 0) and LogSoftmax (16/256, 127) have fixed output scales; operators that
/// only move data keep their input's scale.
/// </summary>
public static class PostTrainingQuantizer
{
    /// <summary>Quantises a float graph.</summary>
    /// <param name="graph">The float graph, passes applied. It is not changed.</param>
    /// <param name="samples">Calibration samples: for each the real values of each input in the graph's layout, row-major.</param>
    /// <param name="options">Range estimator and report; the defaults where null.</param>
    /// <param name="progress">Told the finished part, 0 to 1, from any thread.</param>
    /// <param name="cancellation">Stops between samples.</param>
    /// <exception cref="ToolchainException">
    /// <see cref="ErrorCodes.NotFloatModel"/>: an activation is not float32.
    /// <see cref="ErrorCodes.UnsupportedOperator"/>: nodes without an int8 form, all of them named.
    /// <see cref="ErrorCodes.BadCalibrationData"/>: no samples, values that are not finite or of the wrong number, an input that never
    /// changes, or a model that overflows on a sample.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static QuantizationResult Quantize(
        ModelGraph graph, IReadOnlyList<float[][]> samples, QuantizationOptions? options = null,
        IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new QuantizationOptions();
        CheckFloat(graph);
        OperatorRules.CheckQuantizable(graph);
        CalibrationData.Check(graph, samples);

        var counter = new SampleCounter(samples.Count * Calibrator.Passes(options.Method), progress);
        Dictionary<Tensor, ValueRange> ranges = Calibrator.Run(graph, samples, options, counter.Completed, cancellation);
        foreach (Node node in graph.Nodes)
            ranges[node.Output] = ActivationScales.OutputRange(node, ranges[node.Output]);

        var groups = new ScaleGroups(graph);
        var quantizer = new GraphQuantizer(graph, groups, new ActivationScales(graph, groups, ranges));
        Dictionary<Tensor, double> decibels = SignalToNoise.Decibels(
            graph, quantizer.Result, quantizer.Activation, samples.Take(options.SignalToNoiseSamples));
        Dictionary<Tensor, Node> nodes = quantizer.Result.Nodes.ToDictionary(node => node.Output);
        return new QuantizationResult(quantizer.Result, [.. graph.Nodes.Select(Report)]);

        LayerQuantization Report(Node node)
        {
            Tensor output = quantizer.Activation(node.Output);
            float[]? weightScales = OperatorRules.WeightAxis(node.Operator) is null ? null : nodes[output].Inputs[1]!.Quantization!.Scales;
            bool isMeasured = decibels.TryGetValue(node.Output, out double ratio) && double.IsFinite(ratio) && groups.CountsForRange(node.Output);
            return new LayerQuantization(
                node.Name, node.Operator.Name, ranges[node.Output].Min, ranges[node.Output].Max,
                output.Quantization!.Scale, output.Quantization.ZeroPoint,
                weightScales?.Min(), weightScales?.Max(), isMeasured ? ratio : null);
        }
    }

    private static void CheckFloat(ModelGraph graph)
    {
        Tensor? quantized = graph.Tensors().FirstOrDefault(tensor => !tensor.IsConstant && tensor.Type != ElementType.Float32);
        if (quantized is not null)
        {
            throw new ToolchainException(
                ErrorCodes.NotFloatModel,
                $"'{graph.Name}' is no float model: '{quantized.Name}' is {quantized.Type.JsonName()}.",
                "Only float models are quantised; an int8 model is converted as it is.");
        }
    }

    /// <summary>Turns finished samples into progress, at most once for each percent.</summary>
    private sealed class SampleCounter(int total, IProgress<double>? progress)
    {
        private int _done;

        public void Completed()
        {
            long done = Interlocked.Increment(ref _done);
            if (progress is not null && done * 100 / total != (done - 1) * 100 / total)
                progress.Report((double)done / total);
        }
    }
}
