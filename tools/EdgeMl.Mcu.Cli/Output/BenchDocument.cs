using EdgeMl.Mcu.Bench.Hil.Calibration;
using EdgeMl.Mcu.Bench.Hil.Reports;

namespace EdgeMl.Mcu.Cli.Output;

/// <summary>What <c>edgeml bench run --json</c> prints.</summary>
/// <param name="Bench">Name of the bench.</param>
/// <param name="Ok">Whether no stage failed.</param>
/// <param name="Time">When it began.</param>
/// <param name="ToolVersion">Version of the tool.</param>
/// <param name="Boards">Each board.</param>
/// <param name="Changes">What has changed since the run before.</param>
/// <param name="Recalibrated">Boards whose files have a new speed.</param>
internal sealed record BenchDocument(
    string Bench, bool Ok, DateTimeOffset Time, string ToolVersion, IReadOnlyList<BoardReport> Boards, IReadOnlyList<NumberChange> Changes, IReadOnlyList<CalibrationDocument> Recalibrated)
{
    /// <summary>The document of a run.</summary>
    public static BenchDocument Of(BenchReport report, IReadOnlyList<NumberChange> changes, IEnumerable<(string Board, SpeedFit Fit, string Path)> fits) => new(
        report.Bench, report.Ok, report.Time, report.ToolVersion, report.Boards, changes, [.. fits.Select(entry => new CalibrationDocument(entry.Board, entry.Path, entry.Fit))]);
}

/// <summary>A board's new speed.</summary>
/// <param name="Board">Name of the board.</param>
/// <param name="File">Its file.</param>
/// <param name="Fit">The speed and how well it fits.</param>
internal sealed record CalibrationDocument(string Board, string File, SpeedFit Fit);
