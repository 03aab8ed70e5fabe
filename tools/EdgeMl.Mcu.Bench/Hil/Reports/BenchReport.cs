using System.Text.Json.Serialization;
using EdgeMl.Mcu.Bench.Hil.Models;

namespace EdgeMl.Mcu.Bench.Hil.Reports;

/// <summary>A run of a bench.</summary>
/// <param name="Bench">Name of the bench.</param>
/// <param name="Time">When it began.</param>
/// <param name="ToolVersion">Version of the tool.</param>
/// <param name="Boards">Each board.</param>
public sealed record BenchReport(string Bench, DateTimeOffset Time, string ToolVersion, IReadOnlyList<BoardReport> Boards)
{
    /// <summary>Whether no stage failed.</summary>
    public bool Ok => Boards.All(board => board.Stages.All(stage => stage.Status != StageStatus.Failed));

    /// <summary>Whether every board is a virtual one, so that equal runs give equal reports.</summary>
    public bool IsVirtual => Boards.All(board => board.IsVirtual);

    /// <summary>The first stage that failed, or null.</summary>
    [JsonIgnore]
    public StageReport? FirstFailure => Boards.SelectMany(board => board.Stages).FirstOrDefault(stage => stage.Status == StageStatus.Failed);
}

/// <summary>What a board went through.</summary>
/// <param name="Name">Name in the bench.</param>
/// <param name="Board">Name of the descriptor.</param>
/// <param name="IsVirtual">Whether it is without hardware: its times are counted, not measured.</param>
/// <param name="NanosecondsPerIl">Speed that predictions are made with.</param>
/// <param name="SpeedSource">Where that comes from.</param>
/// <param name="Identity">What the board says of itself; null where it said nothing.</param>
/// <param name="Stages">The stages in order.</param>
/// <param name="Models">The models in order.</param>
/// <param name="Update">The update round; null where it did not end.</param>
/// <param name="PowerCuts">The power cuts; null where there were none.</param>
public sealed record BoardReport(
    string Name, string Board, bool IsVirtual, double NanosecondsPerIl, string SpeedSource, BoardIdentity? Identity, IReadOnlyList<StageReport> Stages,
    IReadOnlyList<ModelReport> Models, UpdateReport? Update, PowerCutsReport? PowerCuts);

/// <summary>What a board says of itself.</summary>
/// <param name="Target">nanoFramework target.</param>
/// <param name="Firmware">Version of the application.</param>
/// <param name="Clr">Version of nanoCLR; null where nobody asked over the Wire Protocol.</param>
/// <param name="RuntimeAbi">ABI of its runtime.</param>
/// <param name="LinkVersion">Version of the link's protocol.</param>
public sealed record BoardIdentity(string Target, string Firmware, string? Clr, int RuntimeAbi, int LinkVersion);

/// <summary>How a stage ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StageStatus>))]
public enum StageStatus
{
    /// <summary>All is well.</summary>
    [JsonStringEnumMemberName("passed")]
    Passed,

    /// <summary>Something is not.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>It was not run.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,
}

/// <summary>A stage of a run.</summary>
/// <param name="Stage">Its name.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Message">What was done, what failed, or why it was skipped; with numbers.</param>
/// <param name="Code">One of <see cref="BenchErrorCodes"/>, or of another library, where it failed.</param>
/// <param name="Hint">What to do about it, or null.</param>
/// <param name="Seconds">Time that it took here.</param>
public sealed record StageReport(string Stage, StageStatus Status, string Message, string? Code, string? Hint, double Seconds);

/// <summary>A model on a board.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Bytes of its file.</param>
/// <param name="Vectors">Vectors that were run.</param>
/// <param name="Equal">Vectors whose outputs were equal bit for bit.</param>
/// <param name="First">The first difference; null where all are equal.</param>
/// <param name="Latency">Its latency; null where it was not measured.</param>
/// <param name="Memory">Its memory; null where it was not measured.</param>
public sealed record ModelReport(string Name, int Bytes, int Vectors, int Equal, Difference? First, LatencyReport? Latency, MemoryReport? Memory);

/// <summary>Latency of a model.</summary>
/// <param name="Runs">Timed inferences.</param>
/// <param name="Total">The whole inference.</param>
/// <param name="Layers">Each layer.</param>
public sealed record LatencyReport(int Runs, LatencyNumbers Total, IReadOnlyList<LatencyNumbers> Layers);

/// <summary>Times of an inference or of a layer, in microseconds.</summary>
/// <param name="Name">Name of the layer; empty for the whole inference.</param>
/// <param name="Operator">The kernel; empty for the whole inference.</param>
/// <param name="Min">Shortest.</param>
/// <param name="Median">Median.</param>
/// <param name="P99">99th percentile by nearest rank: the longest, below 100 runs.</param>
/// <param name="Predicted">Predicted for this board.</param>
/// <param name="WeightedIl">Executed IL instructions, weighted by their cost.</param>
public sealed record LatencyNumbers(string Name, string Operator, double Min, double Median, double P99, double Predicted, double WeightedIl)
{
    /// <summary>How much the prediction is above the measured median, in percent of it; negative below, null where the median is 0.</summary>
    public double? ErrorPercent => Median == 0 ? null : 100 * ((Predicted / Median) - 1);
}

/// <summary>The managed heap around a model, in bytes; each number after a collection, null where the board cannot tell.</summary>
/// <param name="Total">The whole heap.</param>
/// <param name="FreeBefore">Free before the model was loaded.</param>
/// <param name="FreeAfter">Free while it is loaded.</param>
/// <param name="LargestBefore">Largest free block before the model was loaded.</param>
/// <param name="LargestAfter">Largest free block while it is loaded.</param>
/// <param name="FreeAfterRuns">Free after all timed inferences.</param>
/// <param name="Collections">Garbage collections during the timed inferences.</param>
public sealed record MemoryReport(long? Total, long? FreeBefore, long? FreeAfter, long? LargestBefore, long? LargestAfter, long? FreeAfterRuns, long? Collections)
{
    /// <summary>Bytes that the model takes, its file included.</summary>
    public long? Taken => FreeBefore - FreeAfter;
}

/// <summary>An update over the air.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Version">Its version.</param>
/// <param name="Bytes">Bytes of the model.</param>
/// <param name="Seconds">From the order until the relay knew that the device had confirmed it.</param>
public sealed record UpdateReport(string Model, string Version, int Bytes, double Seconds);

/// <summary>Power cuts during updates.</summary>
/// <param name="Count">Cuts.</param>
/// <param name="Recovered">After which the board ran a whole model, bit for bit.</param>
/// <param name="Cuts">Each cut.</param>
/// <param name="Final">The model that ran at the end.</param>
public sealed record PowerCutsReport(int Count, int Recovered, IReadOnlyList<PowerCut> Cuts, string Final);

/// <summary>One power cut.</summary>
/// <param name="AfterMilliseconds">From the update's order to the cut.</param>
/// <param name="Old">The model that ran before.</param>
/// <param name="New">The model that the update was to.</param>
/// <param name="Ran">The model that ran after the cut.</param>
public sealed record PowerCut(double AfterMilliseconds, string Old, string New, string Ran);
