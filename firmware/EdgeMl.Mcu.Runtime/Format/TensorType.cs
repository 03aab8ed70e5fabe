namespace EdgeMl.Mcu.Runtime.Format;

/// <summary>Type of a tensor's elements in the arena. Elements of several bytes are little-endian and need no alignment.</summary>
public enum TensorType : byte
{
    /// <summary>Signed 8-bit, quantised.</summary>
    Int8 = 0,

    /// <summary>Signed 16-bit, quantised.</summary>
    Int16 = 1,

    /// <summary>Signed 32-bit: indices, or quantised.</summary>
    Int32 = 2,

    /// <summary>Boolean, one byte: 0 is false, all else is true.</summary>
    Bool = 3,

    /// <summary>Unsigned 8-bit, quantised.</summary>
    UInt8 = 4,

    /// <summary>Signed 64-bit: indices.</summary>
    Int64 = 5,

    /// <summary>IEEE 754 binary32.</summary>
    Float32 = 6,
}
