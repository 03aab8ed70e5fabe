using System.Globalization;
using EdgeMl.Mcu.Bench.Hil.Models;
using EdgeMl.Mcu.Bench.Hil.Reports;
using EdgeMl.Mcu.Bench.Link;

namespace EdgeMl.Mcu.Bench.Hil.Stages;

/// <summary>Reads the managed heap before a model is loaded, while it is, and after many inferences; from a fresh start for each model.</summary>
internal sealed class MemoryStage : BenchStage
{
    /// <summary>Name of the stage.</summary>
    public const string StageName = "memory";

    /// <inheritdoc/>
    public override string Name => StageName;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Needs => [VerifyStage.StageName];

    /// <inheritdoc/>
    public override TimeSpan Limit(BoardRun run) => run.ModelsTimeout;

    /// <inheritdoc/>
    public override string? ReasonToSkip(BoardRun run) => run.Identity switch
    {
        { CanReboot: false } => "the board cannot restart itself, so nothing tells what was free before a model",
        { MemoryBytes: null } => "the board cannot tell its memory",
        _ => null,
    };

    /// <inheritdoc/>
    public override Task<string> RunAsync(BoardRun run, CancellationToken cancellationToken)
    {
        for (int i = 0; i < run.Models.Count; i++)
        {
            run.Memory[run.Models[i].Name] = Measure(run, run.Models[i], cancellationToken);
            run.Progress((i + 1.0) / run.Models.Count);
        }
        if (run.Memory.FirstOrDefault(entry => entry.Value.FreeAfterRuns < entry.Value.FreeAfter) is { Key: { } name, Value: { } leak })
        {
            throw new BenchException(BenchErrorCodes.Differs, $"{name} loses memory: {leak.FreeAfter - leak.FreeAfterRuns:N0} bytes in {run.Bench.Latency.Runs} inferences, each of which must allocate nothing.",
                "The application allocates beside the runtime: compare with the firmware of this release.");
        }
        return Task.FromResult(string.Join(", ", run.Memory.Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Key} takes {entry.Value.Taken:N0} of {entry.Value.FreeBefore:N0} free bytes"))));
    }

    private static MemoryReport Measure(BoardRun run, GoldenModel model, CancellationToken cancellationToken)
    {
        LinkIdentity identity = run.Link.Reboot(cancellationToken);
        LinkCounters before = run.Link.Counters(collectGarbage: true, cancellationToken);
        run.Link.PutModel(model.File, cancellationToken: cancellationToken);
        LinkCounters loaded = run.Link.Counters(collectGarbage: true, cancellationToken);
        run.Link.RunTimed(model.FirstInputs, run.Bench.Latency.Runs, null, cancellationToken);
        LinkCounters ran = run.Link.Counters(collectGarbage: false, cancellationToken);
        LinkCounters after = run.Link.Counters(collectGarbage: true, cancellationToken);
        return new MemoryReport(
            identity.MemoryBytes, before.FreeMemoryBytes, loaded.FreeMemoryBytes, before.LargestFreeBlockBytes, loaded.LargestFreeBlockBytes, after.FreeMemoryBytes,
            ran.GarbageCollections - loaded.GarbageCollections);
    }
}
