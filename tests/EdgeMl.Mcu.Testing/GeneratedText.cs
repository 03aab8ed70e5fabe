namespace EdgeMl.Mcu.Testing;

/// <summary>Parts of documents that are generated from the code, between the lines <c>&lt;!-- begin NAME --&gt;</c> and <c>&lt;!-- end NAME --&gt;</c>.</summary>
public static class GeneratedText
{
    private const string Update = "EDGEML_UPDATE_DOCS";

    /// <summary>Fails where a part is not the text that the code gives, or writes it there if <c>EDGEML_UPDATE_DOCS</c> is 1.</summary>
    /// <param name="document">Path of the document from the repository's root.</param>
    /// <param name="name">Name of the part.</param>
    /// <param name="expected">What belongs there, with <c>\n</c> at the end of every line.</param>
    /// <param name="test">Name of the test class that calls this, for the hint.</param>
    public static void Check(string document, string name, string expected, string test)
    {
        string path = Repository.PathOf(document);
        string text = File.ReadAllText(path).ReplaceLineEndings("\n");
        string begin = $"<!-- begin {name} -->\n", end = $"<!-- end {name} -->";
        int start = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        int stop = text.IndexOf(end, StringComparison.Ordinal);
        if (start < begin.Length || stop < start)
            throw new InvalidDataException($"{document} has no part '{name}'.");
        if (text[start..stop] == expected)
            return;
        if (Environment.GetEnvironmentVariable(Update) == "1")
            File.WriteAllText(path, text[..start] + expected + text[stop..]);
        else
            throw new InvalidDataException($"The part '{name}' of {document} is out of date. Regenerate it: {Update}=1 dotnet test --filter {test}");
    }
}
