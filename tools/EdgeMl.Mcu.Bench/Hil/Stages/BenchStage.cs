namespace EdgeMl.Mcu.Bench.Hil.Stages;

/// <summary>One stage of a bench on one board.</summary>
internal abstract class BenchStage
{
    /// <summary>All stages in their order.</summary>
    public static IReadOnlyList<BenchStage> All { get; } =
        [new FlashStage(), new BootStage(), new VerifyStage(), new LatencyStage(), new MemoryStage(), new UpdateStage(), new PowerCutStage()];

    /// <summary>Name in reports.</summary>
    public abstract string Name { get; }

    /// <summary>Stages without which this one cannot be run; one that the bench leaves out is no hindrance.</summary>
    public virtual IReadOnlyList<string> Needs => [];

    /// <summary>The longest time that it may take.</summary>
    public abstract TimeSpan Limit(BoardRun run);

    /// <summary>Why it is not to be run on this board; null where it is.</summary>
    public virtual string? ReasonToSkip(BoardRun run) => null;

    /// <summary>Runs it; what it measures goes into the run.</summary>
    /// <returns>What was done, with numbers.</returns>
    /// <exception cref="BenchException">What failed, with numbers.</exception>
    public abstract Task<string> RunAsync(BoardRun run, CancellationToken cancellationToken);
}
