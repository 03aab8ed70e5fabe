using System.Text.Json.Serialization;

namespace EdgeMl.Mcu.Toolchain.Inspect;

/// <summary>What a model is made of.</summary>
/// <param name="Model">Name.</param>
/// <param name="Format"><c>emlm</c>, <c>tflite</c> or <c>onnx</c>.</param>
/// <param name="Inputs">Inputs in the source model's order.</param>
/// <param name="Outputs">Outputs in the source model's order.</param>
/// <param name="Layers">Layers in execution order.</param>
/// <param name="Macs">Multiplications with a weight, padding included.</param>
/// <param name="MacsLive">Those that remain after the lossless passes: what the device computes. All of them in a device model.</param>
/// <param name="Weights">Elements of weight tensors, biases apart.</param>
/// <param name="WeightsLive">Those that remain after the lossless passes.</param>
/// <param name="FileBytes">Size of the file.</param>
/// <param name="ArenaBytes">Bytes of activations on the device; null for a model that the device cannot run as it is.</param>
/// <param name="ArenaLowerBoundBytes">Largest sum of the activations that are alive at once; null as <paramref name="ArenaBytes"/>.</param>
/// <param name="ScratchBytes">Bytes that kernels need beside the arena; null as <paramref name="ArenaBytes"/>.</param>
/// <param name="ArenaIsOptimal">Whether it is known that no placement needs a smaller arena: it meets the bound, or a search proved it; null as <paramref name="ArenaBytes"/>.</param>
/// <param name="Arena">What lies where in the arena, and when; null as <paramref name="ArenaBytes"/>.</param>
/// <param name="DeviceError">Why the device cannot run the model as it is; null if it can.</param>
public sealed record InspectionReport(
    string Model, string Format, IReadOnlyList<PortReport> Inputs, IReadOnlyList<PortReport> Outputs, IReadOnlyList<LayerReport> Layers,
    long Macs, long MacsLive, long Weights, long WeightsLive, long FileBytes,
    int? ArenaBytes, int? ArenaLowerBoundBytes, int? ScratchBytes, bool? ArenaIsOptimal, IReadOnlyList<ArenaPiece>? Arena, string? DeviceError)
{
    /// <summary>What an inference executes on the device; null where it was not measured.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ExecutionReport? Execution { get; init; }
}

/// <summary>An input or output.</summary>
/// <param name="Name">Name in the source model.</param>
/// <param name="Type">Element type of files for it.</param>
/// <param name="Shape">Shape in the source model: the layout of files.</param>
/// <param name="DeviceShape">Shape on the device: the layout of the arena (NHWC).</param>
/// <param name="Permutation">Source axis of each axis, before the reshape to the device's shape.</param>
/// <param name="Scale">Scale of the int8 values on the device; null for a float model.</param>
/// <param name="ZeroPoint">Zero point of the int8 values on the device; null for a float model.</param>
/// <param name="Labels">Class labels, if the model has any.</param>
public sealed record PortReport(
    string Name, string Type, int[] Shape, int[] DeviceShape, int[] Permutation, float? Scale, int? ZeroPoint, IReadOnlyList<string>? Labels);

/// <summary>A layer.</summary>
/// <param name="Name">Name in the source model.</param>
/// <param name="Operator">What it does.</param>
/// <param name="OutputShape">Shape of its output; the number of elements where a device model keeps no more.</param>
/// <param name="OutputType">Element type of its output.</param>
/// <param name="OutputBytes">Bytes of its output.</param>
/// <param name="Macs">Multiplications with a weight, padding included.</param>
/// <param name="MacsLive">Those that remain after the lossless passes.</param>
/// <param name="Weights">Elements of the weight tensor, biases apart.</param>
/// <param name="WeightsLive">Those that remain after the lossless passes.</param>
public sealed record LayerReport(
    string Name, string Operator, int[] OutputShape, string OutputType, long OutputBytes, long Macs, long MacsLive, long Weights, long WeightsLive);
