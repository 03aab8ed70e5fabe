using System.Globalization;
using EdgeMl.Mcu.Bench.Hil.Models;
using EdgeMl.Mcu.Bench.Hil.Reports;
using EdgeMl.Mcu.Bench.Hil.Updates;

namespace EdgeMl.Mcu.Bench.Hil.Stages;

/// <summary>Enrols the board at a relay of the bench's own, updates it over the air, and verifies the model that it then runs.</summary>
internal sealed class UpdateStage : BenchStage
{
    /// <summary>Name of the stage.</summary>
    public const string StageName = "update";

    /// <inheritdoc/>
    public override string Name => StageName;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Needs => [VerifyStage.StageName];

    /// <inheritdoc/>
    public override TimeSpan Limit(BoardRun run) => (2 * run.UpdateTimeout) + (2 * run.StartTimeout);

    /// <inheritdoc/>
    public override string? ReasonToSkip(BoardRun run) =>
        run.Identity is { HasFiles: true, CanReboot: true } ? null : "the board takes no configuration over the link";

    /// <inheritdoc/>
    public override async Task<string> RunAsync(BoardRun run, CancellationToken cancellationToken)
    {
        string device = run.Configuration.Name;
        run.Relay = await run.Services.StartRelayAsync(run.Bench.Broker, cancellationToken);
        DeviceIdentity identity = await run.Relay.EnrolAsync(device, cancellationToken);
        DeviceFile file = run.Services.Configure(identity, run.Configuration);
        run.Link.PutFile(file.Name, file.Content, cancellationToken: cancellationToken);
        run.Identity = run.Link.Reboot(cancellationToken);
        await UpdateOrder.WaitOnlineAsync(run.Relay, device, run.UpdateTimeout, cancellationToken);
        run.Progress(0.3);
        GoldenModel model = run.Models[0];
        UpdateOrder order = await UpdateOrder.GiveAsync(run.Relay, device, model, "1", cancellationToken);
        double seconds = await order.WaitAsync(run.UpdateTimeout, cancellationToken);
        run.Update = new UpdateReport(model.Name, "1", model.File.Length, seconds);
        run.Progress(0.9);
        RequireRunning(run, model, cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"{model.Name}@1, {model.File.Length:N0} bytes: signed, rolled out, confirmed{(run.Access.IsVirtual ? "" : $" after {seconds:0.0} s")}; the board's agent gives its {model.Vectors.Count} vectors bit for bit");
    }

    /// <summary>Makes sure that the board's agent runs a model.</summary>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.Differs"/>.</exception>
    internal static void RequireRunning(BoardRun run, GoldenModel model, CancellationToken cancellationToken)
    {
        VerifiedModel? verified = VectorCheck.RunAgents(run.Link, model, cancellationToken);
        if (verified is null)
            throw new BenchException(BenchErrorCodes.Differs, $"The board confirmed {model.Name}, and its agent runs a model with other inputs or outputs.", "Look at the relay's audit log and at 'edgeml monitor'.");
        if (verified.First is { } first)
            throw new BenchException(BenchErrorCodes.Differs, $"{verified.Vectors - verified.Equal} of {verified.Vectors} vectors of {model.Name} differ after the update; first: {first}.", "Compare the versions of runtime and firmware.");
    }
}
