using System.Xml.Linq;
using EdgeMl.Mcu.Bench.Hil.Reports;

namespace EdgeMl.Mcu.Bench.Tests.Hil;

public class ReportDocumentTests
{
    [Fact]
    public void Build_servers_see_each_stage_with_its_failure()
    {
        XElement suites = XDocument.Parse(JUnitDocument.Of(Reports.Of(Reports.Board(false, (10, 20))))).Root!;
        XElement suite = Assert.Single(suites.Elements("testsuite"));

        Assert.Equal(("desk.one", "3", "1", "1"), ((string?)suite.Attribute("name"), (string?)suite.Attribute("tests"), (string?)suite.Attribute("failures"), (string?)suite.Attribute("skipped")));
        Assert.Equal(["boot", "verify", "latency"], suite.Elements("testcase").Select(test => (string?)test.Attribute("name")));
        XElement failure = Assert.Single(suite.Descendants("failure"));
        Assert.Equal((BenchErrorCodes.Differs, "1 of 2 vectors <differ> | here"), ((string?)failure.Attribute("type"), (string?)failure.Attribute("message")));
        Assert.Equal("'verify' failed", (string?)Assert.Single(suite.Descendants("skipped")).Attribute("message"));
        Assert.Equal("1.250", (string?)suite.Elements("testcase").ElementAt(1).Attribute("time"));
    }

    [Fact]
    public void A_report_of_a_virtual_board_says_that_times_are_counted_and_holds_no_date()
    {
        IReadOnlyList<(string Name, string Content)> files = MarkdownReport.Of(Reports.Of(Reports.Board(true, (10, 20), (5, 40))), null);

        Assert.Equal("desk.md", files[0].Name);
        Assert.Contains("**counted**, not measured", files[0].Content, StringComparison.Ordinal);
        Assert.DoesNotContain("2026", files[0].Content, StringComparison.Ordinal);
        Assert.Contains("counted", files[1].Content, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_of_a_real_board_has_its_date_failure_numbers_and_plots()
    {
        IReadOnlyList<(string Name, string Content)> files = MarkdownReport.Of(Reports.Of(Reports.Board(false, (10, 20), (5, 40))), [new NumberChange("one/digits/latencyMedian", 20, 15)]);
        string text = files[0].Content;

        Assert.Contains("2026-03-01 12:00 UTC", text, StringComparison.Ordinal);
        Assert.Contains("**Failed**: 1 of 2 vectors", text, StringComparison.Ordinal);
        Assert.Contains("| verify | **failed**, `bench.differs` | 1 of 2 vectors <differ> \\| here |", text, StringComparison.Ordinal);
        Assert.Contains("| layer 0 | Conv2D | 10 | 10 | 10 | 6.5 | -35.0 % |", text, StringComparison.Ordinal);
        Assert.Contains("| whole inference |", text, StringComparison.Ordinal);
        Assert.Contains("| one/digits/latencyMedian | 20 | 15 | -25.0 % |", text, StringComparison.Ordinal);
        Assert.All(files.Skip(1), file => Assert.Contains($"]({file.Name})", text, StringComparison.Ordinal));
        Assert.All(files.Skip(1), file => Assert.Equal("svg", XDocument.Parse(file.Content).Root!.Name.LocalName));
    }
}
