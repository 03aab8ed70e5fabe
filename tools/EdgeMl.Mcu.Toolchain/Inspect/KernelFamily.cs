using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Toolchain.Inspect;

/// <summary>Kernels that compute the same layer in different ways and begin with the same parameters.</summary>
internal static class KernelFamily
{
    /// <summary>The plain kernel of a family.</summary>
    public static OpCode Of(OpCode kernel) => kernel switch
    {
        OpCode.PackedConv2D or OpCode.PackedPositions or OpCode.Conv2DInt4 or OpCode.PackedConv2DInt4 => OpCode.Conv2D,
        OpCode.SlidingDepthwiseConv2D or OpCode.LineDepthwiseConv2D => OpCode.DepthwiseConv2D,
        OpCode.FullyConnectedInt4 or OpCode.ByteRowFullyConnected or OpCode.PackedRowFullyConnected => OpCode.FullyConnected,
        OpCode.TableAdd => OpCode.Add,
        _ => kernel,
    };
}
