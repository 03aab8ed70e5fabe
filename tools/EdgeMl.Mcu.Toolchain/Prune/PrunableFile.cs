using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import.Onnx;
using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>A pruned file.</summary>
/// <param name="Report">What was done.</param>
/// <param name="Content">The whole file.</param>
public sealed record PrunedFile(PruningReport Report, byte[] Content);

/// <summary>Prunes a model.</summary>
/// <param name="samples">Calibration samples.</param>
/// <param name="options">How.</param>
/// <param name="progress">Told the finished part, 0 to 1.</param>
/// <param name="cancellation">Stops.</param>
internal delegate PrunedFile FilePruning(IReadOnlyList<float[][]> samples, PruningOptions options, IProgress<double>? progress, CancellationToken cancellation);

/// <summary>A model file that can be pruned: a float .onnx file stays one, an int8 model becomes a device model, and a device model stays one.</summary>
public sealed class PrunableFile
{
    private const string OnnxExtension = ".onnx";
    private const string DeviceExtension = ".emlm";

    // Sums of fewer zeros are rounded in another order.
    private const double Tolerance = 1e-3;

    private readonly FilePruning _prune;

    private PrunableFile(string name, IReadOnlyList<GraphPort> inputs, string outputExtension, FilePruning prune)
    {
        Name = name;
        Inputs = inputs;
        OutputExtension = outputExtension;
        _prune = prune;
    }

    /// <summary>The file's name without folder and ending.</summary>
    public string Name { get; }

    /// <summary>The inputs that calibration samples are for.</summary>
    public IReadOnlyList<GraphPort> Inputs { get; }

    /// <summary>Ending of the file that the pruned model is written to.</summary>
    public string OutputExtension { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The model.</param>
    /// <param name="emit">How a device model is made.</param>
    /// <param name="near">A model that the pruned one stays close to; null for none. Device models and int8 models only, which are then pruned as device models.</param>
    /// <exception cref="ToolchainException">
    /// A <c>file.*</c>, <c>emlm.*</c>, <c>tflite.*</c>, <c>onnx.*</c> or <c>import.*</c> code; <see cref="ErrorCodes.UnknownFormat"/>: a model that is not written again;
    /// <see cref="ErrorCodes.FloatModel"/>: a float model near a base.
    /// </exception>
    public static PrunableFile Open(string path, EmitOptions emit, BaseModel? near = null)
    {
        ModelFile model = ModelFile.Open(path, emit.Optimize);
        if (near is not null && !model.IsQuantized)
        {
            throw new ToolchainException(ErrorCodes.FloatModel, $"'{model.Name}' is a float model and stays one, so that it cannot stay close to a device model.",
                "Prune it without --near, and then quantise it near the base: edgeml quantize PRUNED.onnx -o OUT.emlm -c SAMPLES.npy --near BASE.emlm");
        }
        byte[]? file = near is not null || model.Device is not null ? model.ToDeviceFile(emit) : null;
        if (file is not null)
        {
            Model device = model.Device ?? DeviceModelFile.Parse(file, model.Name);
            return new PrunableFile(model.Name, new DeviceModelRunner(device, model.Name).Inputs, DeviceExtension, (samples, options, progress, cancellation) =>
            {
                DevicePruningResult result = DevicePruner.Prune(device, file, samples, options with { Near = near }, progress, cancellation);
                return new PrunedFile(result, result.Model);
            });
        }
        if (model.IsQuantized)
            return Of(model.Name, model.Graph!, null, DeviceExtension, result => EmlmCompiler.Compile(result.Graph, emit).Bytes);
        if (model.Format != OnnxExtension.TrimStart('.'))
        {
            throw new ToolchainException(ErrorCodes.UnknownFormat, $"'{model.Name}' is a float .{model.Format} model; pruned float models are written as .onnx only.",
                "Prune its ONNX export, or prune the int8 model: convert it with TensorFlow Lite first.");
        }
        var onnx = OnnxWeightFile.Open(model.Content, model.Name);
        return Of(model.Name, onnx.Graph, onnx.Replaceable, OnnxExtension, result => WriteOnnx(onnx, model.Name, result));
    }

    /// <summary>Prunes the model; <see cref="PruningOptions.Nodes"/> are those that the file can take back.</summary>
    /// <param name="samples">Calibration samples: for each the real values of each of <see cref="Inputs"/> in its own layout, row-major.</param>
    /// <param name="options">Sparsity, granularity, method.</param>
    /// <param name="progress">Told the finished part, 0 to 1, from any thread.</param>
    /// <param name="cancellation">Stops between samples and between layers.</param>
    /// <exception cref="ToolchainException">
    /// As <see cref="Pruner.Prune"/> and <see cref="DevicePruner.Prune(Runtime.Model, byte[], IReadOnlyList{float[][]}, PruningOptions, IProgress{double}?, CancellationToken)"/>;
    /// the device cannot run the model; <see cref="ErrorCodes.SparsityOutOfReach"/>: channels cannot be taken out of the file.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public PrunedFile Prune(IReadOnlyList<float[][]> samples, PruningOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default) =>
        _prune(samples, options, progress, cancellation);

    private static PrunableFile Of(string name, ModelGraph graph, IReadOnlyCollection<string>? nodes, string outputExtension, Func<PruningResult, byte[]> write) =>
        new(name, graph.Inputs, outputExtension, (samples, options, progress, cancellation) =>
        {
            PruningResult result = Pruner.Prune(graph, samples, options with { Nodes = nodes }, progress, cancellation);
            return new PrunedFile(result, write(result));
        });

    private static byte[] WriteOnnx(OnnxWeightFile file, string name, PruningResult result)
    {
        if (result.Channels.Count == 0)
            return file.Write(result.Graph);
        byte[] bytes = file.Write(result.Graph, result.Channels);
        try
        {
            if (AreAlike(result.Graph, OnnxImporter.Import(bytes, name)))
                return bytes;
        }
        catch (ToolchainException e)
        {
            throw OutOfReach(name, e.Message, e);
        }
        throw OutOfReach(name, "the outputs would change.", null);
    }

    /// <summary>Whether two graphs have the same ports and give nearly the same outputs for some inputs.</summary>
    private static bool AreAlike(ModelGraph a, ModelGraph b)
    {
        var random = new Random(1);
        float[][] inputs = [.. a.Inputs.Select(port => Enumerable.Range(0, port.Tensor.Shape.ElementCount).Select(_ => random.NextSingle()).ToArray())];
        if (!a.Inputs.Select(port => port.Tensor.Shape).SequenceEqual(b.Inputs.Select(port => port.Tensor.Shape)))
            return false;
        IReadOnlyList<float[]> left = new FloatExecutor(a).Run(inputs), right = new FloatExecutor(b).Run(inputs);
        return left.Zip(right).All(pair => pair.First.Length == pair.Second.Length
            && pair.First.Zip(pair.Second).All(values => Math.Abs(values.First - values.Second) <= Tolerance * (1 + Math.Abs(values.First))));
    }

    private static ToolchainException OutOfReach(string name, string reason, Exception? inner) => new(
        ErrorCodes.SparsityOutOfReach, $"Channels cannot be taken out of '{name}' as it is written: {reason}", "Prune weights or blocks, or quantise the model first and prune that.", inner);
}
