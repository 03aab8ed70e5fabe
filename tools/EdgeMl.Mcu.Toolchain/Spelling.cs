namespace EdgeMl.Mcu.Toolchain;

/// <summary>Finds what someone meant.</summary>
public static class Spelling
{
    private const int DistanceMax = 3;

    /// <summary>The candidate that a word differs least from, capitals apart, or null where all differ by more than three characters or half of the word.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates) => Near(word, candidates) is [var nearest, ..] ? nearest : null;

    /// <summary>The candidates that a word may have meant, the nearest first.</summary>
    public static IReadOnlyList<string> Near(string word, IEnumerable<string> candidates) =>
    [
        .. candidates.Where(candidate => candidate.Length > 2).Select(candidate => (Candidate: candidate, Distance: Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(candidate => candidate.Distance <= Math.Min(DistanceMax, word.Length / 2)).OrderBy(candidate => candidate.Distance).Select(candidate => candidate.Candidate),
    ];

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
