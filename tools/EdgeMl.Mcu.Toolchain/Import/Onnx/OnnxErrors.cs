using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx;

/// <summary>A node that the importer cannot represent; the importer collects them and reports all at once.</summary>
internal sealed class UnsupportedNodeException(string reason) : Exception(reason);

/// <summary>Limits that hold before anything is allocated for the content of a file, and the errors of the importer.</summary>
internal static class OnnxErrors
{
    /// <summary>Largest file that is read: far beyond any microcontroller.</summary>
    public const int MaxFileBytes = 256 << 20;

    /// <summary>Most protobuf fields of a file, packed arrays counted once.</summary>
    public const int MaxFields = 1_000_000;

    /// <summary>Most dimensions of a tensor.</summary>
    public const int MaxRank = 8;

    /// <summary>Most nodes of a graph: passes look at pairs of them.</summary>
    public const int MaxNodes = 10_000;

    /// <summary>Most elements of an activation or an initializer.</summary>
    public const int MaxElements = 1 << 26;

    /// <summary>Most elements that the importer computes itself when it folds constants, over the whole file.</summary>
    public const int MaxFoldedElements = 1 << 24;

    /// <summary>An error about a file that is cut, corrupt or inconsistent.</summary>
    public static ToolchainException Invalid(string message, string? hint = null, Exception? inner = null) =>
        new(ErrorCodes.OnnxInvalid, message, hint, inner);

    /// <summary>A node that cannot be represented, with the reason; collected with all others.</summary>
    public static UnsupportedNodeException Unsupported(string reason) => new(reason);

    /// <summary>A shape from dimensions of a file; <paramref name="what"/> names the tensor in the message.</summary>
    /// <exception cref="ToolchainException">onnx.invalid: too many dimensions or elements, or a negative dimension.</exception>
    public static Shape CheckedShape(IReadOnlyList<long> dimensions, string what)
    {
        if (dimensions.Count > MaxRank)
            throw Invalid($"{what} has {dimensions.Count} dimensions; at most {MaxRank} are possible.");
        long count = 1;
        var checkedDimensions = new int[dimensions.Count];
        for (int i = 0; i < checkedDimensions.Length; i++)
        {
            if (dimensions[i] is < 0 or > MaxElements)
                throw Invalid($"{what} has the dimension {dimensions[i]} on axis {i}; 0 to {MaxElements} are possible.");
            checkedDimensions[i] = (int)dimensions[i];
            count *= Math.Max(1, dimensions[i]);
            if (count > MaxElements)
                throw Invalid($"{what} has the shape {string.Join('x', dimensions)}; at most {MaxElements} elements are possible.");
        }
        return new Shape(checkedDimensions);
    }
}
