namespace EdgeMl.Mcu.Bench.WireProtocol;

/// <summary>An assembly that another one needs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">The version that it was built against; the CLR wants the same major and minor number.</param>
public sealed record AssemblyReference(string Name, Version Version);
