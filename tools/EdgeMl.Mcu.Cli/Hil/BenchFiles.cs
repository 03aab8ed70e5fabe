using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeMl.Mcu.Bench;
using EdgeMl.Mcu.Bench.Hil.Calibration;
using EdgeMl.Mcu.Bench.Hil.Reports;
using EdgeMl.Mcu.Toolchain.Boards;
using EdgeMl.Mcu.Toolchain.Data;

namespace EdgeMl.Mcu.Cli.Hil;

/// <summary>Files that a run of a bench leaves.</summary>
internal static class BenchFiles
{
    private static readonly JsonSerializerOptions Indented = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    /// <summary>Writes report, plots, JSON and history into a folder.</summary>
    /// <param name="report">The run.</param>
    /// <param name="folder">The folder; made if need be.</param>
    /// <returns>What has changed since the run before, none where there was none; and the path of the report.</returns>
    public static (IReadOnlyList<NumberChange> Changes, string Path) Write(BenchReport report, string folder)
    {
        string historyPath = Path.Combine(folder, $"{report.Bench}.history.jsonl");
        string history = File.Exists(historyPath) ? Encoding.UTF8.GetString(DataFile.ReadAllBytes(historyPath)) : "";
        HistoryRun run = HistoryRun.Of(report);
        IReadOnlyList<NumberChange> changes = RunHistory.Parse(history).Runs is [.., var previous] ? run.ChangesSince(previous) : [];
        IReadOnlyList<(string Name, string Content)> files = MarkdownReport.Of(report, changes);
        foreach ((string name, string content) in files)
            AtomicFile.WriteAllBytes(Path.Combine(folder, name), Encoding.UTF8.GetBytes(content));
        AtomicFile.WriteAllBytes(Path.Combine(folder, $"{report.Bench}.json"), JsonSerializer.SerializeToUtf8Bytes(report, Indented));
        AtomicFile.WriteAllBytes(historyPath, Encoding.UTF8.GetBytes(RunHistory.Append(history, run)));
        return (changes, Path.Combine(folder, files[0].Name));
    }

    /// <summary>Writes the measured speed of a board into its file.</summary>
    /// <param name="report">The run.</param>
    /// <param name="board">A board of it.</param>
    /// <param name="folder">Folder of the boards' files.</param>
    /// <returns>The fit, and the path of the file.</returns>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.NotCalibrated"/>.</exception>
    public static (SpeedFit Fit, string Path) Recalibrate(BenchReport report, BoardReport board, string folder)
    {
        SpeedFit fit = SpeedFit.Of(board);
        string path = (Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json") : []).FirstOrDefault(file => BoardCatalog.Parse(DataFile.ReadAllBytes(file)).Name == board.Board)
            ?? throw new BenchException(BenchErrorCodes.NotCalibrated, $"There is no file of {board.Board} in '{folder}'.", "The bench's file lies in hardware/benches and the boards' in hardware/boards beside it.");
        string source = FormattableString.Invariant(
            $"measured: edgeml bench {report.Bench}, {report.Time.UtcDateTime:yyyy-MM-dd}, {fit.Layers} layers of {fit.Models} models, median error {fit.MedianErrorPercent:0.0} %, application {board.Identity?.Firmware}, nanoCLR {board.Identity?.Clr ?? "of unknown version"}");
        AtomicFile.WriteAllBytes(path, BoardSpeedEditor.WithSpeed(DataFile.ReadAllBytes(path), fit.NanosecondsPerIl, source));
        return (fit, path);
    }
}
