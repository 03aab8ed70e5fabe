namespace EdgeMl.Mcu.Testing;

/// <summary>Documents that are written from the code. A test compares them; with EDGEML_UPDATE_DOCS=1 it writes them first.</summary>
public static class GeneratedDocument
{
    /// <summary>What to do about a document that is not current.</summary>
    public const string HowToUpdate = "The document is out of date. Write it again: EDGEML_UPDATE_DOCS=1 dotnet test";

    /// <summary>Whether the file holds the expected text.</summary>
    /// <param name="relativePath">Path below the repository's root.</param>
    /// <param name="expected">The whole document, with <c>\n</c> at line ends.</param>
    public static bool IsCurrent(string relativePath, string expected)
    {
        string path = Repository.PathOf(relativePath);
        if (Environment.GetEnvironmentVariable("EDGEML_UPDATE_DOCS") == "1")
            File.WriteAllText(path, expected);
        return File.Exists(path) && File.ReadAllText(path).ReplaceLineEndings("\n") == expected;
    }
}
