using EdgeMl.Mcu.Bench.Hil.Reports;

namespace EdgeMl.Mcu.Bench.Tests.Hil;

public class RunHistoryTests
{
    private static readonly HistoryRun First = HistoryRun.Of(Reports.Of(Reports.Board(false, (10, 20), (5, 40))));
    private static readonly HistoryRun Second = HistoryRun.Of(Reports.Of(Reports.Board(false, (12, 20), (6, 40))));

    [Fact]
    public void Runs_are_read_as_they_were_written()
    {
        RunHistory history = RunHistory.Parse(RunHistory.Append(RunHistory.Append("", First), Second));

        Assert.Equal(0, history.Unreadable);
        Assert.Equal([15, 18], history.Runs.Select(run => run.Numbers["one/digits/latencyMedian"]));
        Assert.Equal((First.Time, First.Bench, First.Ok), (history.Runs[0].Time, history.Runs[0].Bench, history.Runs[0].Ok));
    }

    [Theory]
    [InlineData("{\"time\":\"2026-03-0")]
    [InlineData("null")]
    [InlineData("{}")]
    public void A_damaged_line_is_kept_and_counted(string line)
    {
        string text = RunHistory.Append(line + "\n", First);

        RunHistory history = RunHistory.Parse(text);

        Assert.StartsWith(line + "\n", text, StringComparison.Ordinal);
        Assert.Equal((1, 1), (history.Runs.Count, history.Unreadable));
    }

    [Fact]
    public void Changes_are_in_percent_of_the_run_before()
    {
        NumberChange change = Second.ChangesSince(First).Single(number => number.Name == "one/digits/latencyMedian");

        Assert.Equal(20, change.Percent!.Value, 1e-9);
    }

    [Fact]
    public void Numbers_that_only_one_run_has_are_no_change() =>
        Assert.Empty(Second.ChangesSince(First with { Numbers = new Dictionary<string, double> { ["another/model/latencyMedian"] = 1 } }));
}
