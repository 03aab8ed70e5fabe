using EdgeMl.Mcu.Bench.Link;

namespace EdgeMl.Mcu.Bench.Hil.Stages;

/// <summary>Waits until the application answers on the link, and looks whether it is the right board's.</summary>
internal sealed class BootStage : BenchStage
{
    /// <summary>Name of the stage.</summary>
    public const string StageName = "boot";

    /// <inheritdoc/>
    public override string Name => StageName;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Needs => [FlashStage.StageName];

    /// <inheritdoc/>
    public override TimeSpan Limit(BoardRun run) => 2 * run.StartTimeout;

    /// <inheritdoc/>
    public override Task<string> RunAsync(BoardRun run, CancellationToken cancellationToken)
    {
        LinkIdentity identity = run.WaitForLink(run.StartTimeout, cancellationToken);
        if (!identity.Board.Equals(run.Board.Name, StringComparison.OrdinalIgnoreCase))
        {
            throw new BenchException(BenchErrorCodes.WrongBoard, $"The application on {run.Access.LinkPort} is one for {identity.Board}, and the bench names {run.Board.Name}.",
                "Give the board in the bench's file, or flash the application that was built for it.");
        }
        run.Identity = identity;
        return Task.FromResult($"application {identity.Firmware} answers on the link, version {identity.ProtocolVersion}, runtime ABI {identity.RuntimeAbi}");
    }
}
