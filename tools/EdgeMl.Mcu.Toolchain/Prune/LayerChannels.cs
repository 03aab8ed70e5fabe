namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>What is left of a layer when channels are taken out of a model.</summary>
/// <param name="Node">Name of the node.</param>
/// <param name="KeptOutputs">Outputs that stay.</param>
/// <param name="KeptTaps">Taps of each output that stay; all of a depthwise layer.</param>
public sealed record LayerChannels(string Node, bool[] KeptOutputs, bool[] KeptTaps);
