using System.Diagnostics;
using EdgeMl.Mcu.Bench.Hil.Boards;
using EdgeMl.Mcu.Bench.Hil.Configuration;
using EdgeMl.Mcu.Bench.Hil.Models;
using EdgeMl.Mcu.Bench.Hil.Reports;
using EdgeMl.Mcu.Bench.Hil.Stages;

namespace EdgeMl.Mcu.Bench.Hil;

/// <summary>Runs benches: on each board one stage after another.</summary>
/// <param name="services">What comes from elsewhere.</param>
/// <param name="boards">Makes the boards; null for those that the bench's file describes.</param>
public sealed class BenchRunner(BenchServices services, BoardFactory? boards = null)
{
    /// <summary>Told of a stage that begins and ends, from the thread that runs it.</summary>
    public Action<string, StageReport?>? StageChanged { get; init; }

    /// <summary>Told the part of a stage that is done, 0 to 1.</summary>
    public Action<double>? Progress { get; init; }

    /// <summary>Runs a bench.</summary>
    /// <param name="bench">The bench.</param>
    /// <param name="cancellationToken">Ends the run; boards are left switched on.</param>
    /// <returns>The report, also where stages failed.</returns>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.BenchModel"/>: there is nothing to run.</exception>
    public async Task<BenchReport> RunAsync(BenchConfiguration bench, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bench);
        DateTimeOffset time = DateTimeOffset.UtcNow;
        BenchBoard[] descriptors = [.. bench.Boards.Select(board => services.Board(board.Board))];
        GoldenModel[] models = [.. bench.Models.Select(services.Model)];
        var reports = new List<BoardReport>();
        for (int i = 0; i < descriptors.Length; i++)
            reports.Add(await RunBoardAsync(bench, bench.Boards[i], descriptors[i], models, cancellationToken));
        return new BenchReport(bench.Name, time, services.ToolVersion, reports);
    }

    private async Task<BoardReport> RunBoardAsync(BenchConfiguration bench, BoardConfiguration configuration, BenchBoard board, GoldenModel[] models, CancellationToken cancellationToken)
    {
        await using var run = new BoardRun
        {
            Bench = bench,
            Configuration = configuration,
            Board = board,
            Access = (boards ?? Open)(configuration, board, services),
            Models = models,
            Services = services,
            Progress = part => Progress?.Invoke(part),
        };
        var stages = new List<StageReport>();
        var missing = new HashSet<string>();
        foreach (BenchStage stage in BenchStage.All)
        {
            StageChanged?.Invoke($"{configuration.Name}: {stage.Name}", null);
            StageReport report = await RunStageAsync(stage, run, stage.Needs.FirstOrDefault(missing.Contains), cancellationToken);
            if (report.Status == StageStatus.Failed || stage.Needs.Any(missing.Contains))
                missing.Add(stage.Name);
            stages.Add(report);
            StageChanged?.Invoke($"{configuration.Name}: {stage.Name}", report);
        }
        return Report(run, stages);
    }

    private static async Task<StageReport> RunStageAsync(BenchStage stage, BoardRun run, string? missing, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (missing is not null)
            return new StageReport(stage.Name, StageStatus.Skipped, $"needs '{missing}', which did not pass", null, null, 0);
        if (stage.ReasonToSkip(run) is { } reason)
            return new StageReport(stage.Name, StageStatus.Skipped, reason, null, null, 0);
        long begin = Stopwatch.GetTimestamp();
        TimeSpan limit = stage.Limit(run);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        try
        {
            string message = await stage.RunAsync(run, deadline.Token);
            return new StageReport(stage.Name, StageStatus.Passed, message, null, null, Seconds());
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new StageReport(stage.Name, StageStatus.Failed, $"It did not end within {limit.TotalSeconds:0} s.", BenchErrorCodes.StageTimeout, "See what the board says with 'edgeml monitor'.", Seconds());
        }
        catch (Exception e) when (e is not OperationCanceledException && run.Services.Explain(e) is { } known)
        {
            return new StageReport(stage.Name, StageStatus.Failed, e.Message, known.Code, known.Hint, Seconds());
        }

        double Seconds() => Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    private static BoardUnderTest Open(BoardConfiguration configuration, BenchBoard board, BenchServices services) =>
        configuration.Virtual is null ? new RealBoard(configuration) : new VirtualBoardUnderTest(VirtualBoardUnderTest.OptionsOf(configuration, board, services));

    private static BoardReport Report(BoardRun run, IReadOnlyList<StageReport> stages) => new(
        run.Configuration.Name, run.Board.Name, run.Access.IsVirtual, run.Board.NanosecondsPerIl, run.Board.SpeedSource,
        run.Identity is { } identity ? new BoardIdentity(identity.Board, identity.Firmware, run.Clr, identity.RuntimeAbi, identity.ProtocolVersion) : null,
        stages,
        [
            .. run.Models.Select(model => new ModelReport(
                model.Name, model.File.Length, run.Verified.GetValueOrDefault(model.Name)?.Vectors ?? 0, run.Verified.GetValueOrDefault(model.Name)?.Equal ?? 0,
                run.Verified.GetValueOrDefault(model.Name)?.First, run.Latency.GetValueOrDefault(model.Name), run.Memory.GetValueOrDefault(model.Name))),
        ],
        run.Update, run.PowerCuts);
}
