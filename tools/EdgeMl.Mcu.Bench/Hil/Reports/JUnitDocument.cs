using System.Globalization;
using System.Xml.Linq;

namespace EdgeMl.Mcu.Bench.Hil.Reports;

/// <summary>A report as JUnit's XML, which build servers show: a suite for each board, a case for each stage.</summary>
public static class JUnitDocument
{
    /// <summary>The document.</summary>
    public static string Of(BenchReport report)
    {
        StageReport[] all = [.. report.Boards.SelectMany(board => board.Stages)];
        var root = new XElement("testsuites", new XAttribute("name", $"edgeml bench {report.Bench}"), Counts(all), report.Boards.Select(board => Suite(report, board)));
        return $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{root.ToString().ReplaceLineEndings("\n")}\n";
    }

    private static XElement Suite(BenchReport report, BoardReport board) => new("testsuite",
        new XAttribute("name", $"{report.Bench}.{board.Name}"), Counts(board.Stages),
        new XAttribute("timestamp", report.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)),
        board.Stages.Select(stage => new XElement("testcase",
            new XAttribute("classname", $"{report.Bench}.{board.Name}"), new XAttribute("name", stage.Stage), Time(stage.Seconds),
            stage.Status switch
            {
                StageStatus.Failed => new XElement("failure", new XAttribute("type", stage.Code ?? ""), new XAttribute("message", stage.Message), stage.Hint),
                StageStatus.Skipped => new XElement("skipped", new XAttribute("message", stage.Message)),
                _ => new XElement("system-out", stage.Message),
            })));

    private static object[] Counts(IReadOnlyList<StageReport> stages) =>
    [
        new XAttribute("tests", stages.Count),
        new XAttribute("failures", stages.Count(stage => stage.Status == StageStatus.Failed)),
        new XAttribute("skipped", stages.Count(stage => stage.Status == StageStatus.Skipped)),
        new XAttribute("errors", 0),
        Time(stages.Sum(stage => stage.Seconds)),
    ];

    private static XAttribute Time(double seconds) => new("time", seconds.ToString("0.000", CultureInfo.InvariantCulture));
}
