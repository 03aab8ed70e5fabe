namespace EdgeMl.Mcu.Toolchain.Plan;

/// <summary>Why one node cannot run on the device. <see cref="GraphLowering"/> collects these and reports all nodes at once.</summary>
public sealed class LoweringException(string reason) : Exception(reason);
