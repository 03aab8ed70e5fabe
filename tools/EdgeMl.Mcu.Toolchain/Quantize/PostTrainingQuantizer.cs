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
        Check(graph, samples);
        WorkCounter? counter = progress is null ? null : new WorkCounter((long)samples.Count * Passes(options), progress);
        QuantizationResult result = QuantizeCalibrated(new CalibratedGraph(graph, samples, counter, cancellation), options);
        counter?.Finish();
        return result;
    }

    /// <summary>Fails on what cannot be quantised, and on samples that are of no use.</summary>
    internal static void Check(ModelGraph graph, IReadOnlyList<float[][]> samples)
    {
        CheckFloat(graph);
        OperatorRules.CheckQuantizable(graph);
        CalibrationData.Check(graph, samples);
    }

    /// <summary>Quantises a graph that is calibrated already.</summary>
    /// <param name="source">The graph.</param>
    /// <param name="options">How.</param>
    /// <param name="near">What stays as in a base, for the graph that is quantised: the equalised one where the options say so; null for nothing.</param>
    internal static QuantizationResult QuantizeCalibrated(CalibratedGraph source, QuantizationOptions options, NearWeights? near = null)
    {
        CalibratedGraph calibrated = options.Equalize ? source.Equalized : source;
        ModelGraph graph = calibrated.Graph;
        Dictionary<Tensor, ValueRange> ranges = calibrated.Ranges(options);
        ScaleGroups groups = near?.Scales.Groups ?? new ScaleGroups(graph);
        var quantizer = new GraphQuantizer(graph, groups, new ActivationScales(graph, groups, ranges, near?.Scales.Activations), new LayerWeights(calibrated, options, near));
        if (options.CorrectBias)
            BiasCorrection.Apply(graph, quantizer.Result, quantizer.Activation, calibrated.Samples, calibrated.Cancellation);
        Dictionary<Tensor, double> decibels = SignalToNoise.Decibels(
            graph, quantizer.Result, quantizer.Activation, CalibrationSplit.Spread(calibrated.Samples, options.SignalToNoiseSamples));
        Dictionary<Tensor, Node> nodes = quantizer.Result.Nodes.ToDictionary(node => node.Output);
        return new QuantizationResult(quantizer.Result, [.. graph.Nodes.Select(Report)]);

        LayerQuantization Report(Node node)
        {
            Tensor output = quantizer.Activation(node.Output);
            Tensor? weights = OperatorRules.WeightAxis(node.Operator) is null ? null : nodes[output].Inputs[1];
            bool isMeasured = decibels.TryGetValue(node.Output, out double ratio) && double.IsFinite(ratio) && groups.CountsForRange(node.Output);
            return new LayerQuantization(
                node.Name, node.Operator.Name, ranges[node.Output].Min, ranges[node.Output].Max,
                output.Quantization!.Scale, output.Quantization.ZeroPoint,
                weights?.Quantization!.Scales.Min(), weights?.Quantization!.Scales.Max(), weights?.Type.Bits(), isMeasured ? ratio : null);
        }
    }

    /// <summary>How often each sample runs through the float graph.</summary>
    private static int Passes(QuantizationOptions options) =>
        (Calibrator.NeedsHistograms(options.Method) ? 2 : 1) + (options.Equalize ? 1 : 0) + (options.Rounding == WeightRounding.Nearest ? 0 : 1);

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
}
