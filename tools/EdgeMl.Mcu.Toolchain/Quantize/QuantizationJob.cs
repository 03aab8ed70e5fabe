using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>From a float graph to a device model: which method, which bits, which size.</summary>
public sealed record QuantizationJob
{
    /// <summary>Range estimator of a plain quantisation; null for the automatic one (<see cref="AutoQuantizer"/>).</summary>
    public CalibrationMethod? Method { get; init; }

    /// <summary>Bits of the weights of Conv2D and FullyConnected layers: 8 or 4.</summary>
    public int WeightBits { get; init; } = 8;

    /// <summary>Most bytes of the device file, for which layers get 4-bit weights as needed (<see cref="Quantizing.FlashBudget"/>); null for any size.</summary>
    public long? FlashBudget { get; init; }

    /// <summary>A model that the result stays close to, in scales and weights, as far as that costs no accuracy on the calibration samples; null for none.</summary>
    public BaseModel? Near { get; init; }

    /// <summary>How the device file is made.</summary>
    public EmitOptions Emit { get; init; } = new();

    /// <summary>Does it.</summary>
    /// <param name="graph">The float graph, passes applied. It is not changed.</param>
    /// <param name="samples">Calibration samples: for each the real values of each input in the graph's layout, row-major.</param>
    /// <param name="labels">The class of each sample; null where unknown.</param>
    /// <param name="progress">Told the finished part of each phase, 0 to 1, from any thread.</param>
    /// <param name="cancellation">Stops between samples.</param>
    /// <exception cref="ToolchainException">
    /// As <see cref="AutoQuantizer.Quantize"/> and <see cref="EmlmCompiler.Compile"/>; <see cref="ErrorCodes.DoesNotFit"/>: the budget cannot be met.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public QuantizedModel Run(
        ModelGraph graph, IReadOnlyList<float[][]> samples, int[]? labels = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        if (labels is not null)
            Evaluate.LabelFile.CheckCount(labels.Length, samples.Count);
        if (Near is { } near)
        {
            QuantizedModel free = Quantize(new QuantizationOptions());
            QuantizationOptions ranges = (free.Auto?.Options ?? new QuantizationOptions { Method = Method!.Value }) with { Rounding = WeightRounding.Nearest, CorrectBias = false };
            return NearQuantizer.Quantize(graph, samples, labels, free, ranges, near, Emit, progress, cancellation);
        }
        if (FlashBudget is { } budget)
            return Quantizing.FlashBudget.Quantize(graph, samples, budget, model => model.Compiled.Bytes.Length, Quantize, progress, cancellation);
        return Quantize(new QuantizationOptions { WeightBits = WeightBits });

        QuantizedModel Quantize(QuantizationOptions bits)
        {
            if (Method is not { } method)
            {
                AutoQuantization auto = AutoQuantizer.Quantize(graph, samples, labels, bits, progress, cancellation);
                return new QuantizedModel(auto.Result, auto.Quality, auto, EmlmCompiler.Compile(auto.Result.Graph, Emit));
            }
            QuantizationResult result = PostTrainingQuantizer.Quantize(graph, samples, bits with { Method = method }, progress, cancellation);
            var quality = QuantizationQuality.Measure(graph, result.Graph, samples, labels, cancellation);
            return new QuantizedModel(result, quality, null, EmlmCompiler.Compile(result.Graph, Emit));
        }
    }
}

/// <summary>A quantised model as a device file.</summary>
/// <param name="Result">The int8 graph and how its layers were quantised.</param>
/// <param name="Quality">How near it is to the float model: on held-back samples where it was chosen automatically, else on all calibration samples.</param>
/// <param name="Auto">What was tried; null for a plain quantisation.</param>
/// <param name="Compiled">The device file.</param>
public sealed record QuantizedModel(QuantizationResult Result, QuantizationQuality Quality, AutoQuantization? Auto, CompiledModel Compiled)
{
    /// <summary>How far it is from the model that it should stay close to; null where there was none.</summary>
    public NearReport? Near { get; init; }
}
