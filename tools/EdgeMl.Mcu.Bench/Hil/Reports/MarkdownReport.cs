using System.Globalization;
using System.Text;

namespace EdgeMl.Mcu.Bench.Hil.Reports;

/// <summary>A report for people: Markdown with SVG files beside it.</summary>
/// <remarks>A report of virtual boards only has no times of this machine and no date in it, so that equal runs give equal files.</remarks>
public static class MarkdownReport
{
    /// <summary>Name of the report's own file.</summary>
    public static string FileNameOf(string bench) => $"{bench}.md";

    /// <summary>Writes a report.</summary>
    /// <param name="report">The run.</param>
    /// <param name="changes">What has changed since the run before; null where there was none.</param>
    /// <returns>Content of each file by its name; the first is the report, the others are its plots.</returns>
    public static IReadOnlyList<(string Name, string Content)> Of(BenchReport report, IReadOnlyList<NumberChange>? changes)
    {
        var files = new List<(string, string)>();
        var text = new StringBuilder();
        text.Append($"# Bench {report.Bench}\n\n<!-- Written by: edgeml bench run hardware/benches/{report.Bench}.json --report DIR -->\n\n");
        text.Append(report.Ok ? "All stages passed" : $"**Failed**: {report.FirstFailure!.Message}");
        text.Append(report.IsVirtual ? $"{(report.Ok ? "." : "")}\n" : string.Create(CultureInfo.InvariantCulture, $"{(report.Ok ? ", " : " ")}{report.Time.UtcDateTime:yyyy-MM-dd HH:mm} UTC, edgeml {report.ToolVersion}.\n"));
        foreach (BoardReport board in report.Boards)
            AddBoard(text, files, report, board);
        if (!report.IsVirtual && changes is { Count: > 0 })
            AddChanges(text, changes);
        return [(FileNameOf(report.Bench), text.ToString()), .. files];
    }

    private static void AddBoard(StringBuilder text, List<(string, string)> files, BenchReport report, BoardReport board)
    {
        text.Append($"\n## {board.Name}: {board.Board}\n\n");
        if (board.IsVirtual)
        {
            text.Append("This board is virtual: the device's own runtime, agent and link server in the tool, behind two pseudo terminals that speak the Wire Protocol and the bench link. Its times are **counted**, not measured: ")
                .Append(Text($"the executed IL instructions of every layer, weighted by their cost, times {board.NanosecondsPerIl:0.###} ns ({board.SpeedSource}). "))
                .Append("They say what the prediction says; a real board tells how good that is.\n\n");
        }
        if (board.Identity is { } identity)
            text.Append($"Target {identity.Target}, application {identity.Firmware}{(identity.Clr is null ? "" : $", nanoCLR {identity.Clr}")}, runtime ABI {identity.RuntimeAbi}, link version {identity.LinkVersion}.\n\n");
        text.Append("| stage | result | |\n| --- | --- | --- |\n");
        foreach (StageReport stage in board.Stages)
            text.Append($"| {stage.Stage} | {(stage.Status == StageStatus.Failed ? $"**failed**, `{stage.Code}`" : stage.Status.ToString().ToLowerInvariant())} | {Cell(stage.Message)} |\n");
        AddLatency(text, files, report, board);
        AddMemory(text, files, report, board);
        if (!board.IsVirtual && board.PowerCuts is { Cuts.Count: > 0 } cuts)
            AddCuts(text, cuts);
    }

    private static void AddLatency(StringBuilder text, List<(string, string)> files, BenchReport report, BoardReport board)
    {
        ModelReport[] models = [.. board.Models.Where(model => model.Latency is not null)];
        if (models.Length == 0)
            return;
        text.Append($"\n### Latency\n\nMicroseconds. p99 by nearest rank; error is the prediction against the {Kind(board)} median.\n");
        foreach (ModelReport model in models)
        {
            LatencyReport latency = model.Latency!;
            text.Append(Text($"\n**{model.Name}**, {model.Bytes:N0} bytes, {latency.Runs} runs:\n\n| layer | operator | min | median | p99 | predicted | error |\n| --- | --- | ---: | ---: | ---: | ---: | ---: |\n"));
            foreach (LatencyNumbers layer in latency.Layers.Append(latency.Total with { Name = "whole inference" }))
                text.Append($"| {Cell(layer.Name)} | {layer.Operator} | {Micro(layer.Min)} | {Micro(layer.Median)} | {Micro(layer.P99)} | {Micro(layer.Predicted)} | {Percent(layer.ErrorPercent)} |\n");
            string file = $"{report.Bench}-{board.Name}-{model.Name}-latency.svg";
            text.Append($"\n![Latency of {model.Name} by layer]({file})\n");
            files.Add((file, SvgWriter.Draw(LatencyChart(board, model))));
        }
    }

    private static BarChart LatencyChart(BoardReport board, ModelReport model)
    {
        LatencyReport latency = model.Latency!;
        return new BarChart(
            $"{model.Name} on {board.Board}: latency by layer",
            $"For each layer the {Kind(board)} median and the prediction, in microseconds: {string.Join("; ", latency.Layers.Select(layer => $"{layer.Name} {Micro(layer.Median)} and {Micro(layer.Predicted)}"))}.",
            "microseconds",
            [.. latency.Layers.Select(layer => layer.Name)],
            [new(Kind(board), [.. latency.Layers.Select(layer => layer.Median)]), new("predicted", [.. latency.Layers.Select(layer => layer.Predicted)])]);
    }

    private static void AddMemory(StringBuilder text, List<(string, string)> files, BenchReport report, BoardReport board)
    {
        ModelReport[] models = [.. board.Models.Where(model => model.Memory is { FreeBefore: not null, FreeAfter: not null })];
        if (models.Length == 0)
            return;
        text.Append(Text($"\n### Memory\n\nBytes of the managed heap{(models[0].Memory!.Total is { } total ? Text($" of {total:N0}") : "")}, each number after a collection; what a model takes includes its file.{(board.IsVirtual ? " A virtual board counts what models take, and nothing else." : "")}\n\n"));
        text.Append("| model | free before | free while loaded | taken | largest block before | while loaded | free after all runs | collections during them |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        foreach (ModelReport model in models)
        {
            MemoryReport memory = model.Memory!;
            long?[] numbers = [memory.FreeBefore, memory.FreeAfter, memory.Taken, memory.LargestBefore, memory.LargestAfter, memory.FreeAfterRuns, memory.Collections];
            text.Append($"| {model.Name} | {string.Join(" | ", numbers.Select(number => number is { } value ? Text($"{value:N0}") : ""))} |\n");
        }
        string file = $"{report.Bench}-{board.Name}-memory.svg";
        text.Append($"\n![Memory of the models]({file})\n");
        files.Add((file, SvgWriter.Draw(new BarChart(
            $"{board.Board}: managed heap",
            $"Bytes free before each model is loaded and while it is: {string.Join("; ", models.Select(model => Text($"{model.Name} {model.Memory!.FreeBefore:N0} and {model.Memory.FreeAfter:N0}")))}.",
            "bytes",
            [.. models.Select(model => model.Name)],
            [new("free before", [.. models.Select(model => (double)model.Memory!.FreeBefore!)]), new("free while loaded", [.. models.Select(model => (double)model.Memory!.FreeAfter!)])]))));
    }

    private static void AddCuts(StringBuilder text, PowerCutsReport cuts)
    {
        text.Append("\n### Power cuts\n\n| cut | after (ms) | from | to | ran afterwards |\n| ---: | ---: | --- | --- | --- |\n");
        for (int i = 0; i < cuts.Cuts.Count; i++)
            text.Append(Text($"| {i + 1} | {cuts.Cuts[i].AfterMilliseconds:N0} | {cuts.Cuts[i].Old} | {cuts.Cuts[i].New} | {cuts.Cuts[i].Ran} |\n"));
    }

    private static void AddChanges(StringBuilder text, IReadOnlyList<NumberChange> changes)
    {
        text.Append("\n## Since the run before\n\n| number | before | now | change |\n| --- | ---: | ---: | ---: |\n");
        foreach (NumberChange change in changes)
            text.Append($"| {change.Name} | {Micro(change.Before)} | {Micro(change.Now)} | {Percent(change.Percent)} |\n");
    }

    private static string Kind(BoardReport board) => board.IsVirtual ? "counted" : "measured";

    private static string Micro(double value) => value.ToString(value < 10 ? "0.##" : "N0", CultureInfo.InvariantCulture);

    // Adding 0 makes a negative zero a plain one.
    private static string Percent(double? value) => value is { } number ? (Math.Round(number, 1) + 0.0).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) + " %" : "";

    private static string Cell(string value) => value.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
