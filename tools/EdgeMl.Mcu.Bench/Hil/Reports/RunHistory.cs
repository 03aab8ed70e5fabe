using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeMl.Mcu.Bench.Hil.Reports;

/// <summary>The runs of a bench, one line of JSON each, the oldest first.</summary>
/// <param name="Runs">The runs that could be read.</param>
/// <param name="Unreadable">Lines that were none, and are kept as they are.</param>
public sealed record RunHistory(IReadOnlyList<HistoryRun> Runs, int Unreadable)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads the lines of a history.</summary>
    public static RunHistory Parse(string text)
    {
        var runs = new List<HistoryRun>();
        int unreadable = 0;
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (TryParse(line) is { } run)
                runs.Add(run);
            else
                unreadable++;
        }
        return new RunHistory(runs, unreadable);
    }

    /// <summary>A history with one run more.</summary>
    /// <param name="text">The history so far, or empty.</param>
    /// <param name="run">The run.</param>
    public static string Append(string text, HistoryRun run)
    {
        var all = new StringBuilder(text.TrimEnd('\n'));
        if (all.Length > 0)
            all.Append('\n');
        return all.Append(JsonSerializer.Serialize(run, Options)).Append('\n').ToString();
    }

    private static HistoryRun? TryParse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<HistoryRun>(line, Options) is { Bench: not null, Numbers: not null } run ? run : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A run in a history.</summary>
/// <param name="Time">When it began.</param>
/// <param name="Bench">Name of the bench.</param>
/// <param name="ToolVersion">Version of the tool.</param>
/// <param name="Ok">Whether no stage failed.</param>
/// <param name="Numbers">What was measured, by <c>board/model/number</c>; times in microseconds, memory in bytes.</param>
public sealed record HistoryRun(DateTimeOffset Time, string Bench, string ToolVersion, bool Ok, IReadOnlyDictionary<string, double> Numbers)
{
    /// <summary>The line of a run.</summary>
    public static HistoryRun Of(BenchReport report)
    {
        var numbers = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (BoardReport board in report.Boards)
        {
            foreach (ModelReport model in board.Models)
            {
                string place = $"{board.Name}/{model.Name}";
                if (model.Latency is { } latency)
                {
                    numbers[$"{place}/latencyMedian"] = latency.Total.Median;
                    numbers[$"{place}/latencyP99"] = latency.Total.P99;
                }
                if (model.Memory is { FreeBefore: long free, Taken: long taken })
                {
                    numbers[$"{place}/freeBefore"] = free;
                    numbers[$"{place}/memoryTaken"] = taken;
                }
            }
            if (board.PowerCuts is { } cuts)
                numbers[$"{board.Name}/powerCutsRecovered"] = cuts.Recovered;
        }
        return new HistoryRun(report.Time, report.Bench, report.ToolVersion, report.Ok, numbers);
    }

    /// <summary>The numbers that are in both runs.</summary>
    public IReadOnlyList<NumberChange> ChangesSince(HistoryRun previous) =>
    [
        .. Numbers.Where(number => previous.Numbers.ContainsKey(number.Key)).OrderBy(number => number.Key, StringComparer.Ordinal)
            .Select(number => new NumberChange(number.Key, previous.Numbers[number.Key], number.Value)),
    ];
}

/// <summary>A number of two runs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Before">In the earlier run.</param>
/// <param name="Now">In the later run.</param>
public sealed record NumberChange(string Name, double Before, double Now)
{
    /// <summary>By how much it has grown, in percent; null where it was 0.</summary>
    public double? Percent => Before == 0 ? null : 100 * ((Now / Before) - 1);
}
