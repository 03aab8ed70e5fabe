namespace EdgeMl.Mcu.Bench.Hil.Models;

/// <summary>What an inference on a board should take.</summary>
/// <param name="WeightedIl">Executed IL instructions of the whole inference, weighted by their cost.</param>
/// <param name="Layers">The layers in execution order.</param>
public sealed record LatencyPrediction(double WeightedIl, IReadOnlyList<LayerPrediction> Layers);

/// <summary>A layer of a prediction.</summary>
/// <param name="Name">Name in the source model.</param>
/// <param name="Operator">The kernel.</param>
/// <param name="WeightedIl">Executed IL instructions, weighted by their cost.</param>
public sealed record LayerPrediction(string Name, string Operator, double WeightedIl);

/// <summary>What a board's descriptor says, as far as a bench needs it.</summary>
/// <param name="Name">Name of the descriptor.</param>
/// <param name="Target">nanoFramework target that the board must say it is.</param>
/// <param name="NanosecondsPerIl">Time of a plain IL instruction.</param>
/// <param name="SpeedSource">Where that comes from.</param>
/// <param name="HeapBytes">The managed heap.</param>
public sealed record BenchBoard(string Name, string Target, double NanosecondsPerIl, string SpeedSource, long HeapBytes);
