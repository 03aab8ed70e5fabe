namespace EdgeMl.Mcu.Toolchain.Boards;

/// <summary>A model on a board.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Board">Name of the board.</param>
/// <param name="Fits">Whether every region has room.</param>
/// <param name="RuntimeAssemblies">Names of the device assemblies that the model needs; see <see cref="Inspect.KernelAssemblies"/>.</param>
/// <param name="Regions">Flash, heap and largest array.</param>
/// <param name="IlPerInference">IL instructions of one inference.</param>
/// <param name="WeightedIl">Their time in plain instructions: calls, fields and allocations count for more than one.</param>
/// <param name="LatencyMs">Predicted milliseconds of one inference; reading paged weights apart.</param>
/// <param name="LatencySource">Where the board's speed comes from.</param>
/// <param name="Layers">The layers of the device model in execution order.</param>
/// <param name="Advice">What to do where it does not fit; empty where it does.</param>
public sealed record BoardPlan(
    string Model, string Board, bool Fits, IReadOnlyList<string> RuntimeAssemblies, IReadOnlyList<PlanRegion> Regions, long IlPerInference, double WeightedIl, double LatencyMs, string LatencySource, IReadOnlyList<PlannedLayer> Layers, IReadOnlyList<string> Advice);

/// <summary>A memory of the board.</summary>
/// <param name="Name"><c>flash</c>, <c>heap</c> or <c>largestArray</c>.</param>
/// <param name="UsedBytes">Bytes that the model and its code take.</param>
/// <param name="LimitBytes">Bytes that there are.</param>
/// <param name="Parts">What they are for.</param>
public sealed record PlanRegion(string Name, long UsedBytes, long LimitBytes, IReadOnlyList<RegionPart> Parts);

/// <summary>A layer on a board.</summary>
/// <param name="Name">Name in the source model.</param>
/// <param name="Operator">The kernel.</param>
/// <param name="Macs">Multiplications with a weight, padding included.</param>
/// <param name="Il">IL instructions.</param>
/// <param name="LatencyMs">Predicted milliseconds.</param>
public sealed record PlannedLayer(string Name, string Operator, long Macs, long Il, double LatencyMs);
