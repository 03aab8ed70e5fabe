using EdgeMl.Mcu.Bench.Hil.Models;
using EdgeMl.Mcu.Bench.Hil.Power;
using EdgeMl.Mcu.Bench.Hil.Reports;
using EdgeMl.Mcu.Bench.Hil.Updates;
using EdgeMl.Mcu.Bench.Link;
using EdgeMl.Mcu.Link;

namespace EdgeMl.Mcu.Bench.Hil.Stages;

/// <summary>
/// Cuts the power at random moments of updates. After each cut the board must start, run the old or the new model whole and bit for bit, and bring the update to its end.
/// </summary>
internal sealed class PowerCutStage : BenchStage
{
    /// <summary>Name of the stage.</summary>
    public const string StageName = "power-cuts";

    /// <inheritdoc/>
    public override string Name => StageName;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Needs => [UpdateStage.StageName];

    /// <inheritdoc/>
    public override TimeSpan Limit(BoardRun run) => run.Bench.PowerCuts.Count * ((2 * run.UpdateTimeout) + run.StartTimeout);

    /// <inheritdoc/>
    public override string? ReasonToSkip(BoardRun run) =>
        run.Bench.PowerCuts.Count == 0 ? "the bench asks for none"
        : run.Access.Power is null ? "the bench has no power switch for the board"
        : run.Models.Count < 2 ? "an update needs a second model"
        : null;

    /// <inheritdoc/>
    public override async Task<string> RunAsync(BoardRun run, CancellationToken cancellationToken)
    {
        var random = new Random(run.Bench.PowerCuts.Seed);
        int count = run.Bench.PowerCuts.Count;
        var cuts = new List<PowerCut>();
        TimeSpan duration = TimeSpan.FromSeconds(run.Update!.Seconds);
        GoldenModel old = run.Models[0];
        for (int i = 0; i < count; i++)
        {
            // Another self-test makes it another blob: nobody has any of its history.
            GoldenModel update = run.Models[(i + 1) % run.Models.Count].WithSelfTest((uint)(i + 2));
            UpdateOrder order = await UpdateOrder.GiveAsync(run.Relay!, run.Configuration.Name, update, $"{i + 2}", cancellationToken);
            TimeSpan after = random.NextDouble() * duration;
            await Task.Delay(after, cancellationToken);
            string ran = await CutAsync(run, i, old, update, cancellationToken);
            cuts.Add(new PowerCut(after.TotalMilliseconds, old.Name, update.Name, ran));
            run.PowerCuts = new PowerCutsReport(count, cuts.Count, cuts, ran);
            await order.WaitAsync(run.UpdateTimeout, cancellationToken);
            UpdateStage.RequireRunning(run, update, cancellationToken);
            run.PowerCuts = run.PowerCuts with { Final = update.Name };
            old = update;
            run.Progress((i + 1.0) / count);
        }
        string moments = run.Access.IsVirtual ? "" : $", {cuts.Count(cut => cut.Ran == cut.Old)} times the old one";
        return $"{count} cuts during updates: after each the board ran a whole model bit for bit{moments}, and ended the update; now it runs {old.Name}@{count + 1}";
    }

    private static async Task<string> CutAsync(BoardRun run, int index, GoldenModel old, GoldenModel update, CancellationToken cancellationToken)
    {
        BoardPower power = run.Access.Power!;
        int start = run.Identity!.StartId;
        run.CloseLink();
        run.IsOff = true;
        await power.OffAsync(cancellationToken);
        await power.OnAsync(cancellationToken);
        run.IsOff = false;
        run.Identity = Recovered(run, index, cancellationToken);
        if (run.Identity.StartId == start)
        {
            throw new BenchException(BenchErrorCodes.PowerSwitch, $"The power switch does nothing to the board: at cut {index + 1} it ran on, with the same start number {start}.",
                "A board keeps running on what it gets through its other cable: switch all of them, see hardware/wiring.");
        }
        return RunningModel(run, index, old, update, cancellationToken);
    }

    private static LinkIdentity Recovered(BoardRun run, int index, CancellationToken cancellationToken)
    {
        try
        {
            return run.WaitForLink(run.StartTimeout, cancellationToken);
        }
        catch (BenchException e)
        {
            throw new BenchException(BenchErrorCodes.NotRecovered, $"After power cut {index + 1} the board did not answer within {run.StartTimeout.TotalSeconds:0} s: {e.Message}",
                "Switch it off and on by hand and look with 'edgeml monitor'; its flash holds what the cut left.", e);
        }
    }

    // The agent goes on with the update at once, and may change its model while the vectors run.
    private static string RunningModel(BoardRun run, int index, GoldenModel old, GoldenModel update, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return FindRunning(run, index, old, update, cancellationToken);
            }
            catch (LinkException e) when (e.Status == (int)LinkError.ModelChanged)
            {
            }
        }
    }

    private static string FindRunning(BoardRun run, int index, GoldenModel old, GoldenModel update, CancellationToken cancellationToken)
    {
        var differences = new List<string>();
        foreach (GoldenModel model in new[] { old, update })
        {
            VerifiedModel? verified = VectorCheck.RunAgents(run.Link, model, cancellationToken);
            if (verified is { First: null })
                return model.Name;
            differences.Add(verified is null ? $"it is not {model.Name} by its inputs and outputs" : $"{model.Name}: {verified.Equal} of {verified.Vectors} vectors are equal, first difference {verified.First}");
        }
        throw new BenchException(BenchErrorCodes.Differs, $"After power cut {index + 1} the board runs neither the old nor the new model: {string.Join("; ", differences)}.", "Keep the board as it is: its flash shows what happened.");
    }
}
