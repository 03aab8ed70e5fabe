using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Plan;

/// <summary>Element types of the graph and of the device.</summary>
public static class DeviceTypes
{
    /// <summary>The device's type for a tensor.</summary>
    /// <exception cref="LoweringException">The arena holds no such elements.</exception>
    public static TensorType OnDevice(this Tensor tensor) => tensor.Type switch
    {
        ElementType.Int8 => TensorType.Int8,
        ElementType.Int16 => TensorType.Int16,
        ElementType.Int32 => TensorType.Int32,
        ElementType.Int64 => TensorType.Int64,
        ElementType.UInt8 => TensorType.UInt8,
        ElementType.Bool => TensorType.Bool,
        ElementType.Float32 => TensorType.Float32,
        _ => throw new LoweringException($"'{tensor.Name}' is {tensor.Type.JsonName()}"),
    };

    /// <summary>Smallest and largest integer of a quantised type, both inclusive.</summary>
    /// <exception cref="LoweringException">The type is not quantised.</exception>
    public static (int Min, int Max) Limits(ElementType type) => type is ElementType.Int8 or ElementType.UInt8 or ElementType.Int16 or ElementType.Int32
        ? QuantizedValues.Limits(type)
        : throw new LoweringException($"{type.JsonName()} is not quantised");

    /// <summary>The graph's type for elements of the device.</summary>
    public static ElementType InGraph(this TensorType type) => type switch
    {
        TensorType.Int8 => ElementType.Int8,
        TensorType.Int16 => ElementType.Int16,
        TensorType.Int32 => ElementType.Int32,
        TensorType.Int64 => ElementType.Int64,
        TensorType.UInt8 => ElementType.UInt8,
        TensorType.Bool => ElementType.Bool,
        TensorType.Float32 => ElementType.Float32,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No element type."),
    };
}
