using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>
/// Tries range estimators, equalisation, bias correction and data-aware rounding one after another and keeps each change that measures better on
/// samples that nothing was estimated from.
/// </summary>
public static class AutoQuantizer
{
    /// <summary>Number of samples from which on some are held back; with fewer, the same ones are estimated from and measured on.</summary>
    public const int HeldBackFrom = CalibrationSplit.SamplesMin;

    private const string Baseline = "min/max ranges";

    /// <summary>Changes in the order in which they are tried; each starts from the best options so far.</summary>
    private static readonly (string Name, Func<QuantizationOptions, QuantizationOptions> Change)[] Changes =
    [
        ("percentile 99.999 ranges", options => options with { Method = CalibrationMethod.Percentile, Percentile = 99.999 }),
        ("percentile 99.9 ranges", options => options with { Method = CalibrationMethod.Percentile, Percentile = 99.9 }),
        ("least squares ranges", options => options with { Method = CalibrationMethod.MeanSquaredError }),
        ("entropy ranges", options => options with { Method = CalibrationMethod.Entropy }),
        ("cross-layer equalisation", options => options with { Equalize = true }),
        ("bias correction", options => options with { CorrectBias = true }),
        ("data-aware rounding", options => options with { Rounding = WeightRounding.SecondMoments }),
        ("data-aware rounding with bias correction", options => options with { Rounding = WeightRounding.SecondMoments, CorrectBias = true }),
    ];

    /// <summary>Quantises a float graph in the way that measures best.</summary>
    /// <param name="graph">The float graph, passes applied. It is not changed.</param>
    /// <param name="samples">Calibration samples: for each the real values of each input in the graph's layout, row-major.</param>
    /// <param name="labels">The class of each sample, which is the index of the largest element of the first output; null where unknown.</param>
    /// <param name="options">Bits of the weights and report; what is chosen here (ranges, equalisation, rounding, biases) does not matter.</param>
    /// <param name="progress">Told the finished part, 0 to 1, from any thread.</param>
    /// <param name="cancellation">Stops between samples.</param>
    /// <exception cref="ToolchainException">
    /// As <see cref="PostTrainingQuantizer.Quantize"/>; <see cref="ErrorCodes.SampleCountMismatch"/>: not one label a sample.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static AutoQuantization Quantize(
        ModelGraph graph, IReadOnlyList<float[][]> samples, int[]? labels = null, QuantizationOptions? options = null,
        IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        PostTrainingQuantizer.Check(graph, samples);
        if (labels is not null)
            Evaluate.LabelFile.CheckCount(labels.Length, samples.Count);
        CalibrationSplit split = CalibrationSplit.Of(samples.Count);
        WorkCounter? counter = progress is null
            ? null
            : new WorkCounter(6L * split.Estimation.Length + (Changes.Length + 1L) * split.HeldBack.Length, progress);
        float[][][] estimation = [.. split.Estimation.Select(i => samples[i])];
        float[][][] measured = [.. split.HeldBack.Select(i => samples[i])];
        int[]? measuredLabels = labels is null ? null : [.. split.HeldBack.Select(i => labels[i])];

        var search = new Search(
            new CalibratedGraph(graph, estimation, counter, cancellation),
            new QualityMeasure(graph, measured, measuredLabels, cancellation), counter);
        AutoQuantization chosen = search.Run(options ?? new QuantizationOptions(), split);
        counter?.Finish();
        return chosen;
    }

    private sealed class Search(CalibratedGraph calibrated, QualityMeasure measure, WorkCounter? counter)
    {
        public AutoQuantization Run(QuantizationOptions report, CalibrationSplit split)
        {
            QuantizationOptions best = new()
            {
                WeightBits = report.WeightBits,
                FourBitNodes = report.FourBitNodes,
                Percentile = report.Percentile,
                SignalToNoiseSamples = 0,
            };
            MeasuredQuality quality = Measure(best);
            HashSet<QuantizationOptions> tried = [best];
            var steps = new List<QuantizationStep> { new(Baseline, quality.Quality, null, true) };
            foreach ((string name, Func<QuantizationOptions, QuantizationOptions> change) in Changes)
            {
                QuantizationOptions changed = change(best);
                if (!tried.Add(changed))
                    continue;
                MeasuredQuality challenger = Measure(changed);
                bool isKept = challenger.IsBetterThan(quality);
                steps.Add(new QuantizationStep(name, challenger.Quality, challenger.Quality.SignalToNoiseDb - quality.Quality.SignalToNoiseDb, isKept));
                if (isKept)
                    (best, quality) = (changed, challenger);
            }
            best = best with { SignalToNoiseSamples = report.SignalToNoiseSamples };
            return new AutoQuantization(
                PostTrainingQuantizer.QuantizeCalibrated(calibrated, best), best, split.Estimation.Length, split.HeldBack.Length, split.IsHeldBack, steps, quality.Quality);
        }

        private MeasuredQuality Measure(QuantizationOptions options) => measure.Of(
            PostTrainingQuantizer.QuantizeCalibrated(calibrated, options).Graph, counter is null ? null : counter.Completed, calibrated.Cancellation);
    }
}
