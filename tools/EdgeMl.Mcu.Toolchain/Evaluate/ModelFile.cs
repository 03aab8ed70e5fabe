using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import;
using EdgeMl.Mcu.Toolchain.Plan.Trees;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>A model in any of the formats that the tools read: .emlm, .tflite, .onnx.</summary>
public sealed class ModelFile
{
    private const string DeviceExtension = ".emlm";

    private ModelFile(string name, string format, byte[] content, ModelGraph? graph, Model? device, bool isOptimized)
    {
        Name = name;
        Format = format;
        Content = content;
        Graph = graph;
        Device = device;
        IsOptimized = isOptimized;
    }

    /// <summary>The file's name without folder and ending.</summary>
    public string Name { get; }

    /// <summary><c>emlm</c>, <c>tflite</c> or <c>onnx</c>.</summary>
    public string Format { get; }

    /// <summary>The whole file.</summary>
    public byte[] Content { get; }

    /// <summary>The imported model; null for .emlm.</summary>
    public ModelGraph? Graph { get; }

    /// <summary>The device model; null for the formats of training frameworks.</summary>
    public Model? Device { get; }

    /// <summary>Whether lossless passes are applied to the model, now and when it is compiled.</summary>
    public bool IsOptimized { get; }

    /// <summary>Whether the activations are integer, so that the device runtime can run the model.</summary>
    public bool IsQuantized => Graph is null || IsQuantizedGraph(Graph);

    /// <summary>Whether the device runtime can run the model without a calibration: it is quantised, or made of decision trees.</summary>
    public bool IsConvertible => IsQuantized || (Graph is not null && TreePorts.HasTrees(Graph));

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="optimize">Whether to apply lossless passes to an imported model.</param>
    /// <exception cref="ToolchainException">A <c>file.*</c>, <c>emlm.*</c>, <c>tflite.*</c>, <c>onnx.*</c> or <c>import.*</c> code.</exception>
    public static ModelFile Open(string path, bool optimize = true) => Parse(DataFile.ReadAllBytes(path), path, optimize);

    /// <summary>Parses the content of a file; its ending tells the format.</summary>
    /// <exception cref="ToolchainException">As <see cref="Open"/>.</exception>
    public static ModelFile Parse(byte[] content, string path, bool optimize = true)
    {
        string extension = Path.GetExtension(path).ToLowerInvariant();
        string name = Path.GetFileNameWithoutExtension(path);
        return extension == DeviceExtension
            ? new ModelFile(name, "emlm", content, null, DeviceModelFile.Parse(content, path), optimize)
            : new ModelFile(name, extension.TrimStart('.'), content, ModelLoader.Import(content, name, extension, optimize), null, optimize);
    }

    /// <summary>The device model: the file itself, or an int8 model or decision trees compiled.</summary>
    /// <param name="options">How to compile it; as it was opened, if null.</param>
    /// <exception cref="ToolchainException"><c>emit.float-model</c>, or as <see cref="EmlmCompiler.Compile"/>.</exception>
    public byte[] ToDeviceFile(EmitOptions? options = null)
    {
        RequireQuantized();
        return Device is null ? EmlmCompiler.Compile(Graph!, options ?? new EmitOptions { Optimize = IsOptimized }).Bytes : Content;
    }

    /// <summary>Refuses a float model, unless it is <see cref="IsConvertible"/> as it is.</summary>
    /// <exception cref="ToolchainException"><c>emit.float-model</c></exception>
    public void RequireQuantized()
    {
        if (!IsConvertible)
        {
            throw new ToolchainException(ErrorCodes.FloatModel, $"'{Name}' is a float model; the device runs int8.",
                "Quantise it: edgeml quantize MODEL -o OUT.emlm --calibration SAMPLES.npy");
        }
    }

    /// <summary>Whether some activation of a graph is quantised, or all its inputs are integers that no float model takes.</summary>
    public static bool IsQuantizedGraph(ModelGraph graph) =>
        graph.Inputs.Select(input => input.Tensor).Concat(graph.Nodes.SelectMany(node => node.Outputs)).Any(tensor => tensor.Quantization is not null && tensor.Type != ElementType.Float32)
        || graph.Inputs.TrueForAll(input => input.Tensor.Type is not (ElementType.Float32 or ElementType.Int64));

    /// <summary>Runs the model: on the device runtime where it is integer, converted on the fly, and else on the float executor.</summary>
    /// <exception cref="ToolchainException">An <c>emit.*</c> or <c>import.*</c> code: the model cannot be run.</exception>
    public ModelRunner CreateRunner()
    {
        if (Device is not null)
            return new DeviceModelRunner(Device, Name);
        return IsQuantized
            ? new DeviceModelRunner(DeviceModelFile.Parse(ToDeviceFile(), Name), Name)
            : new FloatModelRunner(Graph!);
    }
}
