using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Packed;
using EdgeMl.Mcu.Toolchain.Calibrating;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Inspect;
using EdgeMl.Mcu.Toolchain.Plan;
using EdgeMl.Mcu.Toolchain.Plan.Variants;
using EdgeMl.Mcu.Toolchain.Quantizing;
using DeviceLayer = EdgeMl.Mcu.Toolchain.Plan.DeviceLayer;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>
/// Prunes a device model as <see cref="Pruner"/> does an int8 graph: fully connected layers and convolutions with int8 weights, whose multipliers stay. What layers
/// read and what pruning costs the outputs is measured on the device's own arithmetic. Arena, scratch and RAM for packed weights do not grow.
/// </summary>
/// <remarks>
/// The file holds no zero points of the inputs of fully connected layers, so that with <see cref="PruningMethod.Magnitude"/> too the bias takes over the mean of what goes.
/// </remarks>
public sealed class DevicePruner
{
    /// <summary>Tolerances of <see cref="NearPruning"/> in the order in which they are tried.</summary>
    private static readonly double[] Tolerances = [1, 4, 16, 64, 256];

    /// <summary>Times the noise of free pruning that the outputs may have near a base: 3 dB.</summary>
    private const double NoiseMax = 2;

    /// <summary>Noise that no int8 model is without: 40 dB.</summary>
    private const double NoiseMin = 1e-4;

    private readonly Model _model;
    private readonly DeviceProgram _program;
    private readonly ArenaPlan _arena;
    private readonly DeviceLinearLayer?[] _linear;
    private readonly PruningOptions _options;
    private readonly IProgress<double>? _progress;
    private readonly CancellationToken _cancellation;

    private DevicePruner(Model model, byte[] file, PruningOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        _model = model;
        _program = EmlmReader.Read(model, file);
        _program = _program with { Layers = [.. _program.Layers.Select(PlainLayer.Of)] };
        _arena = new ArenaPlan(model.ArenaBytes, DeviceArena.LowerBoundBytes(model, file), IsOptimal: false);
        _linear = [.. _program.Layers.Select(layer => options.Nodes?.Contains(layer.Name) != false && DeviceLinearLayer.Of(layer) is { } own && own.Linear.Taps <= MomentCollector.TapsMax ? own : null)];
        _options = options;
        _progress = progress;
        _cancellation = cancellation;
    }

    /// <summary>Prunes a device model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">The bytes that it was loaded from.</param>
    /// <param name="samples">Calibration samples: for each the real values of each input in the device's layout, row-major.</param>
    /// <param name="options">Sparsity, granularity (weights or blocks), method.</param>
    /// <param name="progress">Told the finished part, 0 to 1, from any thread.</param>
    /// <param name="cancellation">Stops between samples and between layers.</param>
    /// <exception cref="ToolchainException">
    /// <see cref="ErrorCodes.BadCalibrationData"/>: no samples, values that are not finite or of the wrong number, an input that never changes.
    /// <see cref="ErrorCodes.NothingToPrune"/>: no layer has int8 weights that can be pruned.
    /// <see cref="ErrorCodes.SparsityOutOfReach"/>: whole channels, which cannot be taken out of a device model.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static DevicePruningResult Prune(
        Model model, byte[] file, IReadOnlyList<float[][]> samples, PruningOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        if (options.Sparsity is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(options), options.Sparsity, "The sparsity is between 0 and 1.");
        if (options.Granularity == PruningGranularity.Channel)
        {
            throw new ToolchainException(ErrorCodes.SparsityOutOfReach, $"Channels cannot be taken out of the device model '{model.Name}': its arena is planned already.",
                "Prune weights or blocks, or prune channels of the model that it came from.");
        }
        CalibrationData.Check(new DeviceModelRunner(model, model.Name).Inputs, samples);
        return new DevicePruner(model, file, options, progress, cancellation).Prune(samples);
    }

    private DevicePruningResult Prune(IReadOnlyList<float[][]> samples)
    {
        // Two arenas, and what one layer reads in both as reals.
        (IReadOnlyList<float[][]> calibration, IReadOnlyList<float[][]> heldBack) = Pruner.Divide(samples, 2 * (1 + sizeof(float)) * Math.Max(1L, _arena.Bytes));
        PruningPlan plan = Measure(calibration);
        DeviceLayer[] layers = _options.Method == PruningMethod.Magnitude ? ByMagnitude(plan) : Sequentially(plan, calibration, null);
        double? tolerance = null;
        if (_options is { Near: { } original, Method: PruningMethod.Obs })
            (layers, tolerance) = Approach(original, layers, plan, calibration, heldBack.Count > 0 ? heldBack : calibration);
        byte[] bytes = Write(layers);
        _progress?.Report(1);
        return new DevicePruningResult(bytes, DeviceWeights.Report(layers, i => _linear[i] is not null), calibration.Count, heldBack.Count, heldBack.Count == 0 ? null : OutputNoise.Decibels(Noise(layers, heldBack)))
        {
            Near = _options.Near is null ? null : NearReport.Of(bytes, _options.Near, tolerance, new Dictionary<string, string>()),
        };
    }

    /// <summary>The layers with the largest tolerance that the outputs bear.</summary>
    private (DeviceLayer[] Layers, double? Tolerance) Approach(
        BaseModel original, DeviceLayer[] free, PruningPlan plan, IReadOnlyList<float[][]> calibration, IReadOnlyList<float[][]> measured)
    {
        double limit = Math.Max(NoiseMax * Noise(free, measured), NoiseMin);
        (DeviceLayer[] Layers, double? Tolerance) best = (free, null);
        foreach (double tolerance in Tolerances)
        {
            DeviceLayer[] near = Sequentially(plan, calibration, new NearPruning(original, tolerance));
            if (Noise(near, measured) > limit)
                break;
            best = (near, tolerance);
        }
        return best;
    }

    private PruningPlan Measure(IReadOnlyList<float[][]> samples)
    {
        LayerWeights[] weights = [.. _linear.OfType<DeviceLinearLayer>().Select(layer => LayerWeights.Of(layer.Linear))];
        if (weights.Length == 0)
        {
            throw new ToolchainException(ErrorCodes.NothingToPrune, $"'{_program.Name}' has no layer with weights that can be removed.",
                "Fully connected and convolution layers with int8 inputs and int8 weights can be pruned.");
        }
        var moments = new Dictionary<Node, LayerMoments>();
        DeviceStates states = DeviceStates.Start(_program, _arena, samples);
        for (int i = 0; i < _linear.Length; i++)
        {
            if (_linear[i] is { } layer)
                moments.Add(layer.Node, LayerInputs.MomentsOf(layer.Linear, states.Inputs(layer), _cancellation));
            states.Advance(_program.Layers[i], _cancellation);
        }
        DeviceStates probed = DeviceStates.Start(_program, _arena, PruningPlan.Thinned(samples, PruningPlan.ProbeSamples));
        int next = 0;
        return PruningPlan.Measure(weights, moments, Outputs, _options, part => _progress?.Report(part * Pruner.MeasuringShare), _cancellation);

        IReadOnlyList<float[]>[] Outputs(Node node, LayerWeights? tried, CancellationToken cancellation)
        {
            int index = Array.FindIndex(_linear, layer => layer?.Node == node);
            for (; next < index; next++)
                probed.Advance(_program.Layers[next], cancellation);
            DeviceLayer[] rest = [.. _program.Layers.Skip(index)];
            if (tried is not null)
                rest[0] = _linear[index]!.With(tried);
            return probed.Outputs(rest, cancellation);
        }
    }

    private DeviceLayer[] ByMagnitude(PruningPlan plan)
    {
        DeviceLayer[] layers = [.. _program.Layers];
        for (int i = 0; i < layers.Length; i++)
        {
            if (_linear[i] is not { } layer || plan.Counts[layer.Node] == 0)
                continue;
            LayerPlan own = plan.Of(layer.Node)!;
            bool[][] isKept = RemovalOrder.ByMagnitude(Bundle.Of(layer.Linear, _options.Granularity), own.Weights.Rows).Keep(own.Weights, plan.Counts[layer.Node]);
            layers[i] = layer.With(own.Surgery.WithMean(own.Weights.Only(isKept)));
        }
        return layers;
    }

    private DeviceLayer[] Sequentially(PruningPlan plan, IReadOnlyList<float[][]> samples, NearPruning? near)
    {
        DeviceLayer[] layers = [.. _program.Layers];
        DeviceStates before = DeviceStates.Start(_program, _arena, samples), after = before.Copy();
        long done = 0, all = _linear.OfType<DeviceLinearLayer>().Sum(layer => PruningPlan.Work(layer.Linear));
        for (int i = 0; i < layers.Length; i++)
        {
            if (_linear[i] is { } layer)
            {
                float[][] old = before.Inputs(layer), changed = after.Inputs(layer);
                bool isSame = old.Zip(changed).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));
                LayerWeights? weights = plan.Edit(layer.Node, isSame ? null : LayerInputs.Read(layer.Linear, old, changed, _cancellation), _options, _cancellation);
                if (near is not null)
                    weights = near.Approach(layer, weights ?? LayerWeights.Of(layer.Linear), changed, _cancellation);
                if (weights is not null)
                    layers[i] = layer.With(weights);
                _progress?.Report(Pruner.MeasuringShare + ((1 - Pruner.MeasuringShare) * (done += PruningPlan.Work(layer.Linear)) / all));
            }
            before.Advance(_program.Layers[i], _cancellation);
            after.Advance(layers[i], _cancellation);
        }
        return layers;
    }

    private double Noise(DeviceLayer[] layers, IReadOnlyList<float[][]> samples)
    {
        DeviceStates states = DeviceStates.Start(_program, _arena, samples);
        return OutputNoise.Ratio(states.Outputs(_program.Layers, _cancellation), states.Outputs(layers, _cancellation));
    }

    private byte[] Write(DeviceLayer[] layers)
    {
        DeviceProgram program = Choose(_program with { Layers = layers });
        sbyte[] outputs = EmlmCompiler.RunSelfTest(EmlmCompiler.Load(EmlmWriter.Write(program, _arena)));
        return EmlmWriter.Write(program, _arena, (EmlmCompiler.SelfTestSeed, outputs));
    }

    /// <summary>Kernels within the scratch of the file. A budget sets aside a row of weights even where no chosen kernel reads one.</summary>
    private DeviceProgram Choose(DeviceProgram program)
    {
        DeviceProgram generous = KernelChoice.Choose(program, _model.ScratchBytes + ByteRowFullyConnected.TermsMax, _model.PackedBytes);
        int scratch = (8 * generous.Layers.Max(layer => layer.Lanes)) + generous.Layers.Max(layer => layer.StripBytes) + generous.Layers.Max(layer => layer.RowBytes);
        return scratch <= _model.ScratchBytes ? generous : KernelChoice.Choose(program, _model.ScratchBytes, _model.PackedBytes);
    }
}
