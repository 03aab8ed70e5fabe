using System.Globalization;
using EdgeMl.Mcu.Bench.Hil.Models;
using EdgeMl.Mcu.Bench.Hil.Reports;
using EdgeMl.Mcu.Bench.Link;

namespace EdgeMl.Mcu.Bench.Hil.Stages;

/// <summary>Times each model, as a whole and layer by layer, and compares with the prediction.</summary>
internal sealed class LatencyStage : BenchStage
{
    /// <summary>Name of the stage.</summary>
    public const string StageName = "latency";

    /// <inheritdoc/>
    public override string Name => StageName;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Needs => [VerifyStage.StageName];

    /// <inheritdoc/>
    public override TimeSpan Limit(BoardRun run) => run.ModelsTimeout;

    /// <inheritdoc/>
    public override Task<string> RunAsync(BoardRun run, CancellationToken cancellationToken)
    {
        var parts = new List<string>();
        for (int i = 0; i < run.Models.Count; i++)
        {
            GoldenModel model = run.Models[i];
            LatencyPrediction prediction = run.Services.Predict(model.File);
            run.Link.PutModel(model.File, cancellationToken: cancellationToken);
            int index = i;
            LinkTiming timing = run.Link.RunTimed(model.FirstInputs, run.Bench.Latency.Runs, part => run.Progress((index + part) / run.Models.Count), cancellationToken);
            LatencyReport report = Report(timing, prediction, run.Board.NanosecondsPerIl);
            run.Latency[model.Name] = report;
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{model.Name} {report.Total.Median / 1000:0.###} ms (predicted {report.Total.Predicted / 1000:0.###})"));
        }
        string kind = run.Access.IsVirtual ? "counted" : "median";
        return Task.FromResult($"{kind}: {string.Join(", ", parts)}");
    }

    private static LatencyReport Report(LinkTiming timing, LatencyPrediction prediction, double nanosecondsPerIl)
    {
        IReadOnlyList<LatencySummary> layers = timing.LayerSummaries;
        if (layers.Count != prediction.Layers.Count)
            throw new BenchException(BenchErrorCodes.Differs, $"The board timed {layers.Count} layers of a model that has {prediction.Layers.Count}.", "Flash an application of the same release as 'edgeml'.");
        return new LatencyReport(
            timing.Totals.Count, Numbers("", "", timing.Total, prediction.WeightedIl, nanosecondsPerIl),
            [.. prediction.Layers.Select((layer, i) => Numbers(layer.Name, layer.Operator, layers[i], layer.WeightedIl, nanosecondsPerIl))]);
    }

    private static LatencyNumbers Numbers(string name, string kernel, LatencySummary times, double weightedIl, double nanosecondsPerIl) =>
        new(name, kernel, times.Minimum, times.Median, times.Percentile99, weightedIl * nanosecondsPerIl / 1000, weightedIl);
}
