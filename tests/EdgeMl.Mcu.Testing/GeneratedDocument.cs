namespace EdgeMl.Mcu.Testing;

/// <summary>Documents that are written from the code. A test compares them; with EDGEML_UPDATE_DOCS=1 it writes them first.</summary>
public static class GeneratedDocument
{
    /// <summary>What to do about a document that is not current.</summary>
    public const string HowToUpdate = "The document is out of date. Write it again: EDGEML_UPDATE_DOCS=1 dotnet test";

    /// <summary>Whether a part of a document, between the lines <c>&lt;!-- begin NAME --&gt;</c> and <c>&lt;!-- end NAME --&gt;</c>, is the expected text.</summary>
    /// <param name="relativePath">Path below the repository's root.</param>
    /// <param name="name">Name of the part.</param>
    /// <param name="expected">The part, with <c>\n</c> at the end of each line.</param>
    public static bool IsCurrentPart(string relativePath, string name, string expected)
    {
        string text = File.ReadAllText(Repository.PathOf(relativePath)).ReplaceLineEndings("\n");
        string begin = $"<!-- begin {name} -->\n";
        int start = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        int end = text.IndexOf($"<!-- end {name} -->", StringComparison.Ordinal);
        return start >= begin.Length && end >= start && IsCurrent(relativePath, text[..start] + expected + text[end..]);
    }

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
