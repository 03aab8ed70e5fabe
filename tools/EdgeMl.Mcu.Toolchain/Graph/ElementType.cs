namespace EdgeMl.Mcu.Toolchain.Graph;

/// <summary>Type of a tensor's elements.</summary>
public enum ElementType
{
    /// <summary>IEEE 754 binary32.</summary>
    Float32,

    /// <summary>Signed 8-bit, quantised.</summary>
    Int8,

    /// <summary>Unsigned 8-bit.</summary>
    UInt8,

    /// <summary>Signed 16-bit, quantised activations of 16x8 models.</summary>
    Int16,

    /// <summary>Signed 32-bit: biases, indices.</summary>
    Int32,

    /// <summary>Signed 64-bit: ONNX shapes and indices, 16x8 biases.</summary>
    Int64,

    /// <summary>Boolean.</summary>
    Bool,

    /// <summary>Signed 4-bit weights, -8 to 7. A constant holds one in each <c>sbyte</c>; the device file two in a byte.</summary>
    Int4,
}

/// <summary>Facts about element types.</summary>
public static class ElementTypes
{
    /// <summary>Bits of the values of an integer or real type.</summary>
    public static int Bits(this ElementType type) => type == ElementType.Int4 ? 4 : 8 * type.Size();

    /// <summary>Bytes of one element in memory.</summary>
    public static int Size(this ElementType type) => type switch
    {
        ElementType.Int4 or ElementType.Int8 or ElementType.UInt8 or ElementType.Bool => 1,
        ElementType.Int16 => 2,
        ElementType.Float32 or ElementType.Int32 => 4,
        _ => 8,
    };

    /// <summary>The name that JSON and messages use: <c>float32</c>, <c>int8</c> …</summary>
    public static string JsonName(this ElementType type) => type.ToString().ToLowerInvariant();
}
