namespace EdgeMl.Mcu.Bench.WireProtocol;

/// <summary>What a deployment had to do.</summary>
/// <param name="Sectors">Sectors of the deployment region.</param>
/// <param name="Unchanged">Sectors that held the right bytes already, or were erased and stay so.</param>
/// <param name="Erased">Sectors that were erased.</param>
/// <param name="Written">Sectors that were written.</param>
/// <param name="Repeated">Sectors that were erased and written a second time because they were wrong after the first.</param>
public sealed record DeploymentResult(int Sectors, int Unchanged, int Erased, int Written, int Repeated);
