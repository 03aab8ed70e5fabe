using System.Buffers.Binary;
using EdgeMl.Mcu.Runtime.Kernels;
using EdgeMl.Mcu.Runtime.Packed;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan;
using EdgeMl.Mcu.Toolchain.Pruning;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>
/// Quantises a float graph close to a base: with its scales where the graph has the same layers, and with its weights as far as held-back calibration samples show no loss against
/// a free quantisation.
/// </summary>
internal static class NearQuantizer
{
    /// <summary>Tolerances in the order in which they are tried.</summary>
    private static readonly double[] Tolerances = [1, 2, 4, 8, 16, 32, 64, 128, 256];

    /// <summary>Times the noise of the free quantisation that the outputs may have: 3 dB.</summary>
    private const double NoiseMax = 2;

    /// <summary>Multipliers as near as this differ only because a scale is a float32.</summary>
    private const double SameMultiplier = 1e-6;

    /// <summary>Quantises a graph.</summary>
    /// <param name="graph">The float graph, passes applied.</param>
    /// <param name="samples">Checked calibration samples.</param>
    /// <param name="labels">The class of each sample, or null.</param>
    /// <param name="free">The same graph quantised freely.</param>
    /// <param name="options">Range estimator for what the base has no scales for.</param>
    /// <param name="original">The base.</param>
    /// <param name="emit">How the device file is made.</param>
    /// <param name="progress">Told the finished part, 0 to 1, from any thread.</param>
    /// <param name="cancellation">Stops between samples.</param>
    public static QuantizedModel Quantize(
        ModelGraph graph, IReadOnlyList<float[][]> samples, int[]? labels, QuantizedModel free, QuantizationOptions options, BaseModel original, EmitOptions emit,
        IProgress<double>? progress, CancellationToken cancellation)
    {
        CalibrationSplit split = CalibrationSplit.Of(samples.Count);
        var calibrated = new CalibratedGraph(graph, [.. split.Estimation.Select(i => samples[i])], null, cancellation);
        var measure = new QualityMeasure(graph, [.. split.HeldBack.Select(i => samples[i])], labels is null ? null : [.. split.HeldBack.Select(i => labels[i])], cancellation);
        MeasuredQuality limit = measure.Of(free.Result.Graph, null, cancellation);
        QuantizedModel? near = Closest(maySaturate: true) ?? Closest(maySaturate: false);
        return near is not null && Differences(near, original) < Differences(free, original)
            ? near
            : free with { Near = NearReport.Of(free.Compiled.Bytes, original, null, new Dictionary<string, string>()) };

        QuantizedModel? Closest(bool maySaturate)
        {
            NearScales plain = ScalesOf(calibrated), equalized = ScalesOf(calibrated.Equalized);
            NearScales scales = equalized.LikeBase > plain.LikeBase ? equalized : plain;
            QuantizationOptions ranges = options with { Equalize = scales == equalized };
            QuantizedModel? best = null;
            for (int i = 0; i < Tolerances.Length; i++)
            {
                var weights = new NearWeights(ranges.Equalize ? calibrated.Equalized : calibrated, scales, Tolerances[i]);
                QuantizationResult result = PostTrainingQuantizer.QuantizeCalibrated(calibrated, ranges, weights);
                MeasuredQuality quality = measure.Of(result.Graph, null, cancellation);
                progress?.Report((i + 1.0) / Tolerances.Length);
                if (quality.IsWorseThan(limit, NoiseMax))
                    break;
                CompiledModel compiled = Compile(result.Graph, scales, original, emit);
                best = new QuantizedModel(result, quality.Quality, free.Auto, compiled) { Near = NearReport.Of(compiled.Bytes, original, Tolerances[i], scales.Others) };
            }
            return best;

            NearScales ScalesOf(CalibratedGraph each) => new(each.Graph, each.Ranges(options), original, maySaturate);
        }
    }

    /// <summary>Bytes of a file that are not the base's at the same place.</summary>
    private static int Differences(QuantizedModel model, BaseModel original) =>
        Math.Abs(model.Compiled.Bytes.Length - original.Content.Length) + model.Compiled.Bytes.Zip(original.Content).Count(pair => pair.First != pair.Second);

    /// <summary>The device file, with the base's kernels where the options have room for them.</summary>
    private static CompiledModel Compile(ModelGraph graph, NearScales scales, BaseModel original, EmitOptions emit)
    {
        Dictionary<string, BaseLayer> layers = scales.Layers.Values.ToDictionary(layer => layer.Linear.Node.Name, layer => layer.Base);
        emit = emit with { Adapt = program => program with { Layers = [.. program.Layers.Select(layer => layers.TryGetValue(layer.Name, out BaseLayer? known) ? WithMultipliers(layer, known) : layer)] } };
        CompiledModel compiled = EmlmCompiler.Compile(graph, emit);
        int scratch = original.Model.ScratchBytes;
        foreach (int budget in new[] { scratch + ByteRowFullyConnected.TermsMax, scratch, 0 })
        {
            if (budget > emit.ScratchBytes || HasKernelsOf(compiled, original))
                continue;
            CompiledModel other = EmlmCompiler.Compile(graph, emit with { ScratchBytes = budget });
            if (HasKernelsOf(other, original))
                compiled = other;
        }
        return compiled;
    }

    private static bool HasKernelsOf(CompiledModel compiled, BaseModel original) => compiled.Program.Layers.Select(layer => layer.Kernel).SequenceEqual(original.Kernels);

    private static DeviceLayer WithMultipliers(DeviceLayer layer, BaseLayer known)
    {
        if (DeviceLinearLayer.Of(layer)?.Linear is not { } linear || linear.Outputs != known.Linear.Outputs || linear.Taps != known.Linear.Taps)
            return layer;
        QuantizedMultiplier[] own = BaseLayer.ReadMultipliers(layer.Weights, linear);
        byte[] weights = [.. layer.Weights];
        Span<byte> table = weights.AsSpan(ChannelTable.Start(0, linear.Outputs * linear.Taps));
        for (int output = 0; output < own.Length; output++)
        {
            double value = BaseLayer.Value(known.Multipliers[output]);
            if (Math.Abs(BaseLayer.Value(own[output]) - value) > SameMultiplier * value)
                continue;
            BinaryPrimitives.WriteInt32LittleEndian(table[(4 * (linear.Outputs + output))..], known.Multipliers[output].Multiplier);
            table[(8 * linear.Outputs) + output] = (byte)known.Multipliers[output].Shift;
        }
        return layer with { Weights = weights };
    }
}
