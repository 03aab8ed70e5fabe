using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import.Onnx;
using EdgeMl.Mcu.Toolchain.Import.TfLite;
using EdgeMl.Mcu.Toolchain.Passes;

namespace EdgeMl.Mcu.Toolchain.Import;

/// <summary>Reads a model of any format that is imported into a graph.</summary>
public static class ModelLoader
{
    /// <summary>Imports a file by its content and ending.</summary>
    /// <exception cref="ToolchainException"><see cref="ErrorCodes.FileNotFound"/>, <see cref="ErrorCodes.UnknownFormat"/>, or an importer's error.</exception>
    public static ModelGraph Load(string path)
    {
        byte[] bytes = DataFile.ReadAllBytes(path);
        return Import(bytes, Path.GetFileNameWithoutExtension(path), Path.GetExtension(path));
    }

    /// <summary>Imports the bytes of a file and applies the passes (<see cref="PassPipeline.All"/>).</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="name">Name of the graph.</param>
    /// <param name="extension">Its ending, with the dot.</param>
    /// <param name="optimize">False applies only the passes that the model needs to run at all (<see cref="PassPipeline.Required"/>).</param>
    public static ModelGraph Import(byte[] bytes, string name, string extension, bool optimize = true)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        ModelGraph graph = Parse(bytes, name, extension);
        PassPipeline.Run(graph, optimize ? PassPipeline.All : PassPipeline.Required);
        return graph;
    }

    private static ModelGraph Parse(byte[] bytes, string name, string extension)
    {
        if (TfLiteImporter.Recognises(bytes) || extension.Equals(".tflite", StringComparison.OrdinalIgnoreCase))
            return TfLiteImporter.Import(bytes, name);
        if (extension.Equals(".onnx", StringComparison.OrdinalIgnoreCase))
            return OnnxImporter.Import(bytes, name);
        throw new ToolchainException(ErrorCodes.UnknownFormat, $"'{name}{extension}' is no model that can be imported.", "Supported are .emlm, .tflite and .onnx files.");
    }
}
