using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Ota.Tests;

/// <summary>Binary files of the repository that are made by a test. A test compares them; with EDGEML_UPDATE_DOCS=1 it writes them first.</summary>
internal static class GeneratedFile
{
    /// <summary>Whether files are to be written.</summary>
    public static bool IsUpdating => Environment.GetEnvironmentVariable("EDGEML_UPDATE_DOCS") == "1";

    /// <summary>Whether a file below the repository's root holds the expected bytes.</summary>
    public static bool IsCurrent(string relativePath, byte[] expected)
    {
        string path = Repository.PathOf(relativePath);
        if (IsUpdating)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, expected);
        }
        return File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(expected);
    }
}
