using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import.Onnx;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>A model file that can be pruned, and how the result is written: a float .onnx file stays one, an int8 model becomes a device model.</summary>
public sealed class PrunableFile
{
    private const string OnnxExtension = ".onnx";

    // Sums of fewer zeros are rounded in another order.
    private const double Tolerance = 1e-3;

    private readonly Func<PruningResult, byte[]> _write;

    private PrunableFile(string name, ModelGraph graph, IReadOnlyCollection<string>? nodes, Func<PruningResult, byte[]> write)
    {
        Name = name;
        Graph = graph;
        Nodes = nodes;
        _write = write;
    }

    /// <summary>The file's name without folder and ending.</summary>
    public string Name { get; }

    /// <summary>The graph to prune.</summary>
    public ModelGraph Graph { get; }

    /// <summary>Names of the nodes whose weights the file can take back; null for all.</summary>
    public IReadOnlyCollection<string>? Nodes { get; }

    /// <summary>Ending of the file that the pruned model is written to.</summary>
    public string OutputExtension => Nodes is null ? ".emlm" : OnnxExtension;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The model.</param>
    /// <param name="emit">How a device model is made.</param>
    /// <exception cref="ToolchainException">
    /// A <c>file.*</c>, <c>emlm.*</c>, <c>tflite.*</c>, <c>onnx.*</c> or <c>import.*</c> code; <see cref="ErrorCodes.UnknownFormat"/>: a model that is not written again.
    /// </exception>
    public static PrunableFile Open(string path, EmitOptions emit)
    {
        ModelFile model = ModelFile.Open(path, emit.Optimize);
        if (model.IsQuantized)
        {
            ModelGraph graph = model.Graph ?? throw new ToolchainException(ErrorCodes.UnknownFormat, $"'{model.Name}' is a device model already.", "Prune the model that it came from.");
            return new PrunableFile(model.Name, graph, null, result => EmlmCompiler.Compile(result.Graph, emit).Bytes);
        }
        if (model.Format != OnnxExtension.TrimStart('.'))
        {
            throw new ToolchainException(ErrorCodes.UnknownFormat, $"'{model.Name}' is a float .{model.Format} model; pruned float models are written as .onnx only.",
                "Prune its ONNX export, or prune the int8 model: convert it with TensorFlow Lite first.");
        }
        var file = OnnxWeightFile.Open(model.Content, model.Name);
        return new PrunableFile(model.Name, file.Graph, file.Replaceable, result => WriteOnnx(file, model.Name, result));
    }

    /// <summary>The content of the pruned file.</summary>
    /// <param name="result">What <see cref="Pruner.Prune"/> made of <see cref="Graph"/>.</param>
    /// <exception cref="ToolchainException">
    /// The device cannot run the model; <see cref="ErrorCodes.SparsityOutOfReach"/>: channels cannot be taken out of the file.
    /// </exception>
    public byte[] Write(PruningResult result) => _write(result);

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
