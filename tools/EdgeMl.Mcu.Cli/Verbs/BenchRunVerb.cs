using System.CommandLine;
using System.Text;
using EdgeMl.Mcu.Bench.Hil;
using EdgeMl.Mcu.Bench.Hil.Calibration;
using EdgeMl.Mcu.Bench.Hil.Configuration;
using EdgeMl.Mcu.Bench.Hil.Reports;
using EdgeMl.Mcu.Cli.Hil;
using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Toolchain.Data;

namespace EdgeMl.Mcu.Cli.Verbs;

/// <summary><c>edgeml bench run</c></summary>
internal static class BenchRunVerb
{
    private const string BoardsFolder = "../boards";

    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        Argument<string> file = BenchVerb.File();
        var junit = new Option<string?>("--junit") { Description = "Write the stages as JUnit XML, for build servers.", HelpName = "FILE" };
        var report = new Option<string?>("--report") { Description = "Folder for the report (Markdown with SVG plots, JSON) and the history of runs.", HelpName = "DIR" };
        var recalibrate = new Option<bool>("--recalibrate") { Description = $"Write the measured speed into the board's file in {BoardsFolder} beside the bench's file." };
        var command = new VerbCommand("run", "Flash, boot, verify, time, update and cut the power of each board of a bench, and report.",
            "edgeml bench run hardware/benches/virtual.json",
            "edgeml bench run hardware/benches/esp32-devkitc.json --report reports --junit bench.xml",
            "edgeml bench run hardware/benches/esp32-devkitc.json --recalibrate")
        {
            file, junit, report, recalibrate,
        };
        command.SetAction(async (parse, _) =>
        {
            string path = parse.GetRequiredValue(file);
            BenchReport result = await RunAsync(terminal, BenchFile.Read(path));
            IReadOnlyList<NumberChange> changes = [];
            if (parse.GetValue(junit) is { } junitPath)
                AtomicFile.WriteAllBytes(junitPath, Encoding.UTF8.GetBytes(JUnitDocument.Of(result)));
            if (parse.GetValue(report) is { } folder)
            {
                (changes, string written) = BenchFiles.Write(result, folder);
                terminal.Error.WriteLine($"wrote {written}");
            }
            IReadOnlyList<(string Board, SpeedFit Fit, string Path)> fits = parse.GetValue(recalibrate) && result.Ok ? Recalibrate(result, path) : [];
            if (parse.GetValue(command.Json))
                JsonOutput.Write(terminal.Output, BenchDocument.Of(result, changes, fits));
            else
                BenchText.Print(terminal, result, changes, fits);
            return result.FirstFailure is { } failure ? ErrorSource.ExitCodeFor(failure.Code!) : ExitCodes.Ok;
        });
        return command;
    }

    private static async Task<BenchReport> RunAsync(Terminal terminal, BenchConfiguration bench)
    {
        const int Steps = 100;
        ProgressLine? progress = null;
        try
        {
            var runner = new BenchRunner(new CliBenchServices(terminal.Cancellation))
            {
                Progress = part => progress?.Report(part),
                StageChanged = (stage, ended) =>
                {
                    progress?.Dispose();
                    progress = ended is null ? new ProgressLine(terminal, stage, Steps) : null;
                    if (ended is not null)
                        terminal.Error.WriteLine($"{stage} {ended.Status.ToString().ToLowerInvariant()}: {ended.Message}");
                },
            };
            return await runner.RunAsync(bench, terminal.Cancellation);
        }
        finally
        {
            progress?.Dispose();
        }
    }

    private static List<(string, SpeedFit, string)> Recalibrate(BenchReport report, string benchPath)
    {
        string folder = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(benchPath))!, BoardsFolder);
        var fits = new List<(string, SpeedFit, string)>();
        foreach (BoardReport board in report.Boards)
        {
            (SpeedFit fit, string path) = BenchFiles.Recalibrate(report, board, Path.GetFullPath(folder));
            fits.Add((board.Board, fit, path));
        }
        return fits;
    }
}
