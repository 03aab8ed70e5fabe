using System.Text;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Toolchain.Data;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Loads device models (.emlm) with the errors of this library.</summary>
public static class DeviceModelFile
{
    /// <summary>Largest arena and scratch that the host gives a model, in bytes (64 MiB each).</summary>
    public const int ArenaBytesMax = 64 << 20;

    /// <summary>Reads and validates a file.</summary>
    /// <exception cref="ToolchainException">A <c>file.*</c> or <c>emlm.*</c> code, or <see cref="ErrorCodes.DoesNotFit"/>.</exception>
    public static Model Load(string path) => Parse(DataFile.ReadAllBytes(path), path);

    /// <summary>Validates the content of a file, which must not change afterwards.</summary>
    /// <param name="content">The whole file.</param>
    /// <param name="name">Name of the file, for messages.</param>
    /// <exception cref="ToolchainException">An <c>emlm.*</c> code: the name of the device error; <see cref="ErrorCodes.DoesNotFit"/>: it needs more than <see cref="ArenaBytesMax"/>.</exception>
    public static Model Parse(byte[] content, string name)
    {
        Error error = Model.TryLoad(content, out Model model);
        if (error == Error.None && (model.ArenaBytes > ArenaBytesMax || model.ScratchBytes > ArenaBytesMax))
            throw new ToolchainException(ErrorCodes.DoesNotFit, $"'{name}' needs {model.ArenaBytes} bytes of arena and {model.ScratchBytes} of scratch; the host gives {ArenaBytesMax} of each.");
        if (error == Error.None)
            return model;
        string hint = error == Error.RuntimeTooOld
            ? "The model was made by a newer version of the tools."
            : "Make it anew with 'edgeml convert' or 'edgeml quantize'.";
        throw new ToolchainException(ErrorCodes.EmlmPrefix + KebabCase(error.ToString()), $"'{name}' does not load as a device model: {Describe(error)} (error {(int)error}).", hint);
    }

    private static string Describe(Error error) => error switch
    {
        Error.Truncated => "it is shorter than its header says",
        Error.NotAModel => "it does not begin with the magic number of an .emlm file",
        Error.FormatVersion => "its format version is unknown",
        Error.RuntimeTooOld => "it needs a newer runtime",
        Error.TrailingData => "it is longer than its header says",
        Error.Checksum => "its checksum does not match",
        _ => $"it is inconsistent ({KebabCase(error.ToString())})",
    };

    private static string KebabCase(string name)
    {
        var text = new StringBuilder();
        foreach (char c in name)
        {
            if (char.IsUpper(c) && text.Length > 0)
                text.Append('-');
            text.Append(char.ToLowerInvariant(c));
        }
        return text.ToString();
    }
}
