using EdgeMl.Mcu.Toolchain.Calibrating;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>Channels that can only be removed together, because additions, depthwise layers and reshapes tie them to each other.</summary>
/// <param name="Outputs">The outputs that compute them.</param>
/// <param name="Inputs">The taps that read them, in all outputs of a layer.</param>
internal sealed record ChannelGroup(IReadOnlyList<(LinearNode Layer, int Output)> Outputs, IReadOnlyList<(LinearNode Layer, int[] Taps)> Inputs);
