using System.CommandLine;
using EdgeMl.Mcu.Toolchain;

namespace EdgeMl.Mcu.Cli;

/// <summary>Words the errors of the parser.</summary>
internal static class UsageErrors
{
    /// <summary>The failure that a parse result means: the first word that nobody knows, or else the first error.</summary>
    public static Failure Of(ParseResult parse)
    {
        Command command = parse.CommandResult.Command;
        string help = $"See '{string.Join(' ', Path(command))} --help'.";
        if (parse.UnmatchedTokens is not [string unknown, ..])
            return Failure.Usage(Reword(parse.Errors[0].Message), help);
        bool isVerb = command.Subcommands.Count > 0;
        IEnumerable<string> candidates = isVerb ? command.Subcommands.Select(verb => verb.Name) : command.Options.SelectMany(option => option.Aliases.Prepend(option.Name));
        string? nearest = Spelling.Nearest(unknown, candidates);
        string what = isVerb ? "verb" : unknown.StartsWith('-') ? "option" : "argument";
        return Failure.Usage($"There is no {what} '{unknown}'.", nearest is null ? help : $"Did you mean '{nearest}'? {help}");
    }

    private static string Reword(string message)
    {
        int type = message.IndexOf(" as expected type ", StringComparison.Ordinal);
        string text = type < 0 ? message : $"{message[..type]}.";
        return text.Replace("\t", "", StringComparison.Ordinal);
    }

    private static IEnumerable<string> Path(Command command)
    {
        string[] parents = command.Parents.OfType<Command>().Take(1).SelectMany(Path).ToArray();
        return parents.Append(command.Name);
    }
}
