namespace EdgeMl.Mcu.Toolchain.Inspect;

/// <summary>What one inference executes on the device's interpreter.</summary>
/// <param name="Il">IL instructions of the whole inference.</param>
/// <param name="WeightedIl">Its time in plain instructions: calls, fields and allocations count for more than one.</param>
/// <param name="IlPerMac">Instructions for each multiplication with a weight; null where there is none.</param>
/// <param name="ByClass">Instructions by what they do: <c>array</c>, <c>arithmetic</c>, <c>branch</c>, <c>call</c>...</param>
/// <param name="Layers">The layers of the device model in execution order.</param>
public sealed record ExecutionReport(long Il, double WeightedIl, double? IlPerMac, IReadOnlyDictionary<string, long> ByClass, IReadOnlyList<LayerExecution> Layers);

/// <summary>What one layer of a device model executes.</summary>
/// <param name="Name">Name in the source model.</param>
/// <param name="Operator">The kernel.</param>
/// <param name="Macs">Multiplications with a weight, padding included.</param>
/// <param name="Il">IL instructions.</param>
/// <param name="WeightedIl">Their time in plain instructions.</param>
/// <param name="IlPerMac">Instructions for each multiplication with a weight; null where there is none.</param>
/// <param name="ByClass">Instructions by what they do.</param>
public sealed record LayerExecution(string Name, string Operator, long Macs, long Il, double WeightedIl, double? IlPerMac, IReadOnlyDictionary<string, long> ByClass);
