using System.CommandLine;

namespace EdgeMl.Mcu.Cli;

/// <summary>A verb of the command line, with examples for its help.</summary>
internal sealed class VerbCommand : Command
{
    /// <summary>The option by which every verb that reports gives one JSON document instead of text.</summary>
    public const string JsonOptionName = "--json";

    /// <summary>Creates a verb.</summary>
    /// <param name="name">Name on the command line.</param>
    /// <param name="description">One sentence.</param>
    /// <param name="examples">Command lines, each with what it does after two spaces and a #.</param>
    public VerbCommand(string name, string description, params string[] examples)
        : base(name, description)
    {
        Examples = examples;
    }

    /// <summary>Whether the verb has a result, and so the option <see cref="Json"/>.</summary>
    public bool Reports { get; init; } = true;

    /// <summary>Command lines for the help.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary><c>--json</c></summary>
    public Option<bool> Json { get; } = new(JsonOptionName) { Description = "Print one JSON document on standard output." };
}
