namespace EdgeMl.Mcu.Testing;

/// <summary>Test data that is not part of the repository: the folder that EDGEML_SHARED names, or <c>shared</c> beside the repository's root.</summary>
public static class SharedData
{
    /// <summary>Why tests that need the data are skipped.</summary>
    public const string Missing = "Shared test data is missing: set EDGEML_SHARED to the folder that holds golden/index.json.";

    /// <summary>Whether the data is there.</summary>
    public static bool IsAvailable => Root is not null;

    /// <summary>The folder, or null.</summary>
    public static string? Root { get; } = Find();

    /// <summary>The path of a file or folder in the data.</summary>
    public static string File(params string[] parts) =>
        Path.Combine([Root ?? throw new InvalidOperationException(Missing), .. parts]);

    private static string? Find()
    {
        string? root = Environment.GetEnvironmentVariable("EDGEML_SHARED");
        root = string.IsNullOrEmpty(root) ? Repository.PathOf("../shared") : root;
        return System.IO.File.Exists(Path.Combine(root, "golden", "index.json")) ? Path.GetFullPath(root) : null;
    }
}
