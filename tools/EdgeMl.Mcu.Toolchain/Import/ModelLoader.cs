using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import.TfLite;

namespace EdgeMl.Mcu.Toolchain.Import;

/// <summary>Reads a model of any format that is imported into a graph.</summary>
public static class ModelLoader
{
    /// <summary>Imports a file by its content and ending.</summary>
    /// <exception cref="ToolchainException"><see cref="ErrorCodes.FileNotFound"/>, <see cref="ErrorCodes.UnknownFormat"/>, or an importer's error.</exception>
    public static ModelGraph Load(string path)
    {
        byte[] bytes = ReadFile(path);
        return Import(bytes, Path.GetFileNameWithoutExtension(path), Path.GetExtension(path));
    }

    /// <summary>Imports the bytes of a file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="name">Name of the graph.</param>
    /// <param name="extension">Its ending, with the dot.</param>
    public static ModelGraph Import(byte[] bytes, string name, string extension)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        if (TfLiteImporter.Recognises(bytes) || extension.Equals(".tflite", StringComparison.OrdinalIgnoreCase))
            return TfLiteImporter.Import(bytes, name);
        throw new ToolchainException(ErrorCodes.UnknownFormat, $"'{name}{extension}' is no model that can be imported.", "Supported are .tflite and .onnx files.");
    }

    /// <summary>Reads a whole file, with the toolchain's own errors.</summary>
    public static byte[] ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ToolchainException(ErrorCodes.FileNotFound, $"There is no file '{path}'.", null, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolchainException(ErrorCodes.FileUnreadable, $"'{path}' cannot be read: {exception.Message}", null, exception);
        }
    }
}
