using EdgeMl.Mcu.Bench.Hil.Models;

namespace EdgeMl.Mcu.Bench.Hil.Stages;

/// <summary>Puts each model on the board and compares the outputs of its golden vectors byte for byte.</summary>
internal sealed class VerifyStage : BenchStage
{
    /// <summary>Name of the stage.</summary>
    public const string StageName = "verify";

    /// <inheritdoc/>
    public override string Name => StageName;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Needs => [BootStage.StageName];

    /// <inheritdoc/>
    public override TimeSpan Limit(BoardRun run) => run.ModelsTimeout;

    /// <inheritdoc/>
    public override Task<string> RunAsync(BoardRun run, CancellationToken cancellationToken)
    {
        int all = run.Models.Sum(model => model.Vectors.Count);
        int done = 0;
        foreach (GoldenModel model in run.Models)
        {
            run.Link.PutModel(model.File, cancellationToken: cancellationToken);
            run.Verified[model.Name] = VectorCheck.Run(run.Link, model, () => run.Progress((double)++done / all), cancellationToken);
        }
        string[] wrong = [.. run.Models.Where(model => run.Verified[model.Name].First is not null).Select(model => Describe(model.Name, run.Verified[model.Name]))];
        if (wrong.Length > 0)
            throw new BenchException(BenchErrorCodes.Differs, string.Join("; ", wrong), "Flash the application again; if the same byte differs, compare the versions of runtime and firmware.");
        return Task.FromResult($"{all} vectors of {run.Models.Count} models are equal bit for bit");
    }

    private static string Describe(string model, VerifiedModel verified) => $"{verified.Vectors - verified.Equal} of {verified.Vectors} vectors of {model} differ; first: {verified.First}";
}
