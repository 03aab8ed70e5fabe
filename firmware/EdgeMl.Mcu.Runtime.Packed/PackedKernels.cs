using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Runtime.Packed;

/// <summary>The kernels that work on packed operands.</summary>
public static class PackedKernels
{
    /// <summary>
    /// Adds them to the runtime: call it once at start, before the first model is loaded and before native kernels are chosen. On the host it has been done already.
    /// </summary>
    public static void Install()
    {
        KernelTable.Add(OpCode.PackedConv2D, new PackedConv2D(false));
        KernelTable.Add(OpCode.PackedPositions, new PackedPositions());
        KernelTable.Add(OpCode.SlidingDepthwiseConv2D, new SlidingDepthwiseConv2D());
        KernelTable.Add(OpCode.ByteRowFullyConnected, new ByteRowFullyConnected());
        KernelTable.Add(OpCode.PackedRowFullyConnected, new PackedRowFullyConnected());
        KernelTable.Add(OpCode.TableAdd, new TableAdd());
        KernelTable.Add(OpCode.LineDepthwiseConv2D, new LineDepthwiseConv2D());
        KernelTable.Add(OpCode.PackedConv2DInt4, new PackedConv2D(true));
    }
}
