namespace EdgeMl.Mcu.Toolchain.Data;

/// <summary>Formats of sample data, told by the file's ending.</summary>
public enum DataFormat
{
    /// <summary>Headerless little-endian tensors in the model's own type.</summary>
    Bin,

    /// <summary>Numbers as text, one sample a line.</summary>
    Csv,

    /// <summary>NumPy's array file.</summary>
    Npy,
}

/// <summary>Tells formats by file names.</summary>
public static class DataFormats
{
    /// <summary>The format that a file's ending names.</summary>
    /// <exception cref="ToolchainException"><c>file.unknown-format</c>.</exception>
    public static DataFormat Of(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".npy" => DataFormat.Npy,
        ".csv" => DataFormat.Csv,
        ".bin" => DataFormat.Bin,
        _ => throw new ToolchainException(ErrorCodes.UnknownFormat, $"'{path}' ends in none of .npy, .csv, .bin.", "The ending tells how data is stored; rename the file."),
    };
}
