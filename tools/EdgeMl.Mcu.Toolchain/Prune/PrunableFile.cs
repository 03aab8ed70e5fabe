using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>A model file that can be pruned, and how the result is written: a float .onnx file stays one, an int8 model becomes a device model.</summary>
public sealed class PrunableFile
{
    private const string OnnxExtension = ".onnx";

    private readonly Func<ModelGraph, byte[]> _write;

    private PrunableFile(string name, ModelGraph graph, IReadOnlyCollection<string>? nodes, Func<ModelGraph, byte[]> write)
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
            return new PrunableFile(model.Name, graph, null, pruned => EmlmCompiler.Compile(pruned, emit).Bytes);
        }
        if (model.Format != OnnxExtension.TrimStart('.'))
        {
            throw new ToolchainException(ErrorCodes.UnknownFormat, $"'{model.Name}' is a float .{model.Format} model; pruned float models are written as .onnx only.",
                "Prune its ONNX export, or prune the int8 model: convert it with TensorFlow Lite first.");
        }
        var file = OnnxWeightFile.Open(model.Content, model.Name);
        return new PrunableFile(model.Name, file.Graph, file.Replaceable, file.Write);
    }

    /// <summary>The content of the pruned file.</summary>
    /// <param name="pruned">A copy of <see cref="Graph"/> with other weights.</param>
    /// <exception cref="ToolchainException">The device cannot run the model.</exception>
    public byte[] Write(ModelGraph pruned) => _write(pruned);
}
