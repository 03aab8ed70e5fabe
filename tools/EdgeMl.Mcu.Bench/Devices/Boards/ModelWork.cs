namespace EdgeMl.Mcu.Bench.Devices.Boards;

/// <summary>What an inference executes on a device.</summary>
/// <param name="Total">Weighted IL of the inference as a whole.</param>
/// <param name="Layers">Weighted IL of each layer that is stepped through.</param>
internal sealed record ModelWork(double Total, IReadOnlyList<double> Layers);
