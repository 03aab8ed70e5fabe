using System.Globalization;
using EdgeMl.Mcu.Bench.Hil.Calibration;
using EdgeMl.Mcu.Bench.Hil.Reports;
using Spectre.Console;

namespace EdgeMl.Mcu.Cli.Output;

/// <summary>Prints a run of a bench.</summary>
internal static class BenchText
{
    /// <summary>Prints it.</summary>
    public static void Print(Terminal terminal, BenchReport report, IReadOnlyList<NumberChange> changes, IReadOnlyList<(string Board, SpeedFit Fit, string Path)> fits)
    {
        foreach (BoardReport board in report.Boards)
        {
            terminal.Output.WriteLine($"{board.Name}: {board.Board}{(board.IsVirtual ? ", virtual: times are counted, not measured" : "")}");
            foreach (StageReport stage in board.Stages)
            {
                terminal.Output.WriteLine(FormattableString.Invariant($"  {stage.Stage,-10} {stage.Status.ToString().ToLowerInvariant(),-7} {stage.Seconds,6:0.0} s  {stage.Message}"));
                if (stage.Hint is not null)
                    terminal.Output.WriteLine($"             hint: {stage.Hint}");
            }
            if (board.Models.Any(model => model.Latency is not null))
                terminal.Draw(TableOf(board));
        }
        foreach (NumberChange change in changes.Where(change => change.Before != change.Now))
            terminal.Output.WriteLine(FormattableString.Invariant($"changed: {change.Name} {change.Before:0.##} -> {change.Now:0.##} ({(change.Percent is { } percent ? Percent(percent) : "new")})"));
        foreach ((string board, SpeedFit fit, string path) in fits)
        {
            terminal.Output.WriteLine(FormattableString.Invariant($"{board}: {fit.NanosecondsPerIl:G4} ns per IL instruction from {fit.Layers} layers, median error {fit.MedianErrorPercent:0.0} %; wrote {path}"));
            LayerResidual worst = fit.Residuals.MaxBy(residual => Math.Abs(residual.ErrorPercent))!;
            terminal.Output.WriteLine(FormattableString.Invariant($"  worst: {worst.Model}, {worst.Layer}: {worst.MeasuredMicroseconds:0} us measured, {worst.FittedMicroseconds:0} by the fit ({Percent(worst.ErrorPercent)})"));
        }
        terminal.Output.WriteLine(report.Ok ? "ok" : $"FAILED: {report.FirstFailure!.Code}");
    }

    private static Table TableOf(BoardReport board)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns("model", "layer");
        foreach (string title in new[] { "min us", "median us", "p99 us", "predicted us", "error" })
            table.AddColumn(new TableColumn(title).RightAligned());
        foreach (ModelReport model in board.Models.Where(model => model.Latency is not null))
        {
            foreach (LatencyNumbers layer in model.Latency!.Layers.Append(model.Latency.Total with { Name = "whole inference" }))
            {
                table.AddRow(
                    Markup.Escape(model.Name), Markup.Escape(layer.Name), Number(layer.Min), Number(layer.Median), Number(layer.P99), Number(layer.Predicted),
                    layer.ErrorPercent is { } error ? Percent(error) : "");
            }
        }
        return table;
    }

    // Adding zero turns -0 into 0.
    private static string Percent(double value) => (Math.Round(value, 1) + 0.0).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) + " %";

    private static string Number(double value) => value.ToString(value < 10 ? "0.##" : "N0", CultureInfo.InvariantCulture);
}
