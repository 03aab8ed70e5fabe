namespace EdgeMl.Mcu.Bench.WireProtocol;

/// <summary>The native part of an assembly, built into the firmware.</summary>
/// <param name="Name">Name of the assembly.</param>
/// <param name="Version">Version of the native part.</param>
/// <param name="Checksum">Checksum of the native methods; the managed assembly must carry the same.</param>
public sealed record NativeAssembly(string Name, Version Version, uint Checksum);
