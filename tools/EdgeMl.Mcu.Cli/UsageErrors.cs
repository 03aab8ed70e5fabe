using System.CommandLine;

namespace EdgeMl.Mcu.Cli;

/// <summary>Words the errors of the parser.</summary>
internal static class UsageErrors
{
    private const int SuggestionDistanceMax = 3;

    /// <summary>The failure that a parse result means: the first word that nobody knows, or else the first error.</summary>
    public static Failure Of(ParseResult parse)
    {
        Command command = parse.CommandResult.Command;
        string help = $"See '{string.Join(' ', Path(command))} --help'.";
        if (parse.UnmatchedTokens is not [string unknown, ..])
            return Failure.Usage(Reword(parse.Errors[0].Message), help);
        bool isVerb = command.Subcommands.Count > 0;
        IEnumerable<string> candidates = isVerb ? command.Subcommands.Select(verb => verb.Name) : command.Options.SelectMany(option => option.Aliases.Prepend(option.Name));
        string? nearest = Nearest(unknown, candidates);
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

    private static string? Nearest(string word, IEnumerable<string> candidates)
    {
        (string Candidate, int Distance)[] near =
            [.. candidates.Where(c => c.Length > 2).Select(c => (c, Distance(word, c))).Where(c => c.Item2 <= Math.Min(SuggestionDistanceMax, word.Length / 2))];
        return near.Length == 0 ? null : near.MinBy(c => c.Distance).Candidate;
    }

    /// <summary>Levenshtein's distance: single characters inserted, removed or replaced.</summary>
    private static int Distance(string a, string b)
    {
        int[] previous = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            var row = new int[b.Length + 1];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
                row[j] = Math.Min(Math.Min(row[j - 1], previous[j]) + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            previous = row;
        }
        return previous[b.Length];
    }
}
