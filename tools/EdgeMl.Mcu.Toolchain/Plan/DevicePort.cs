using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Plan;

/// <summary>An input or output of the device program.</summary>
/// <param name="Port">The graph's port: name, source shape, permutation.</param>
/// <param name="Buffer">Where it lies.</param>
/// <param name="Type">Type of the elements in the arena.</param>
/// <param name="Quantization">How its values map to reals; scale 1 and zero point 0 where they are not quantised.</param>
/// <param name="Edge">What the source model does between these values and its own.</param>
public sealed record DevicePort(GraphPort Port, ArenaBuffer Buffer, TensorType Type, Quantization Quantization, TensorEdge Edge)
{
    /// <summary>Class labels, one an element of the last axis, or none.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];
}

/// <summary>What the device runs, before it has an arena.</summary>
/// <param name="Name">Name of the model.</param>
/// <param name="Inputs">Inputs in the source model's order.</param>
/// <param name="Outputs">Outputs in the source model's order.</param>
/// <param name="Layers">Steps in order.</param>
/// <param name="Buffers">All buffers with their lifetimes.</param>
public sealed record DeviceProgram(
    string Name, IReadOnlyList<DevicePort> Inputs, IReadOnlyList<DevicePort> Outputs, IReadOnlyList<DeviceLayer> Layers, IReadOnlyList<ArenaBuffer> Buffers);
