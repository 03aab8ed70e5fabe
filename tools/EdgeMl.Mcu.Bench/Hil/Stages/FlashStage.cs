using EdgeMl.Mcu.Bench.Flashing;

namespace EdgeMl.Mcu.Bench.Hil.Stages;

/// <summary>Deploys the application over the Wire Protocol.</summary>
internal sealed class FlashStage : BenchStage
{
    /// <summary>Name of the stage.</summary>
    public const string StageName = "flash";

    /// <inheritdoc/>
    public override string Name => StageName;

    /// <inheritdoc/>
    public override TimeSpan Limit(BoardRun run) => TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public override string? ReasonToSkip(BoardRun run) => run.Access.HasApplication ? null : "the bench names no application, so the board keeps its own";

    /// <inheritdoc/>
    public override Task<string> RunAsync(BoardRun run, CancellationToken cancellationToken)
    {
        FlashReport report = new BoardFlasher(run.Access.WirePort, run.Board.Target).Run(run.Access.Application(), null, (_, part) => run.Progress(part), cancellationToken);
        run.Clr = report.Board.ClrVersion.ToString();
        FlashRegion region = report.Regions[0];
        return Task.FromResult(FormattableString.Invariant(
            $"{report.Assemblies.Count} assemblies run on {report.Board.Name}; {region.Name}: {region.UsedBytes:N0} of {region.LimitBytes:N0} bytes, {100.0 * region.UsedBytes / region.LimitBytes:F1} %"));
    }
}
