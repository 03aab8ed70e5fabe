using System.Text;

namespace EdgeMl.Mcu.KernelGenerator;

/// <summary>Builds C# source text line by line, with braces and indentation.</summary>
internal sealed class SourceLines
{
    private const int PerLine = 8;

    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>The lines that say where the file comes from, and its namespace.</summary>
    public static SourceLines Begin(string name)
    {
        var lines = new SourceLines();
        lines.Add("// Written by a program; change that instead: dotnet run --project tools/EdgeMl.Mcu.KernelGenerator -- .");
        lines.Add("");
        lines.Add($"namespace {name};");
        lines.Add("");
        return lines;
    }

    /// <summary>Adds a line.</summary>
    public void Add(string line)
    {
        if (line.Length > 0)
            _text.Append(' ', 4 * _depth).Append(line);
        _text.Append('\n');
    }

    /// <summary>Adds a public constant and an empty line.</summary>
    public void Constant(string name, int value, string summary)
    {
        Add($"/// <summary>{summary}</summary>");
        Add($"public const int {name} = {value};");
        Add("");
    }

    /// <summary>An index some places behind a variable.</summary>
    public static string Index(string start, int offset) => offset == 0 ? start : $"{start} + {offset}";

    /// <summary>Adds a line, if any, and a block in braces.</summary>
    public void Block(string head, Action body)
    {
        if (head.Length > 0)
            Add(head);
        Add("{");
        _depth++;
        body();
        _depth--;
        Add("}");
    }

    /// <summary>Adds items, a few in a line.</summary>
    /// <param name="head">What the first line begins with.</param>
    /// <param name="items">The items.</param>
    /// <param name="joined">What stands between two in a line.</param>
    /// <param name="broken">What a line that continues the list begins with.</param>
    /// <param name="ended">What a line that is continued ends with.</param>
    /// <param name="tail">What the last line ends with.</param>
    public void List(string head, IEnumerable<string> items, string joined, string broken, string ended, string tail)
    {
        string[][] rows = [.. items.Chunk(PerLine)];
        for (int i = 0; i < rows.Length; i++)
        {
            string start = i == 0 ? head : "    " + broken;
            Add(start + string.Join(joined, rows[i]) + (i == rows.Length - 1 ? tail : ended));
        }
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
