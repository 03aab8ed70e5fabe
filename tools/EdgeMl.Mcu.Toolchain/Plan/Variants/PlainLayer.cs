using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Packed;
using EdgeMl.Mcu.Toolchain.Inspect;
using F = EdgeMl.Mcu.Runtime.Kernels.FullyConnected;

namespace EdgeMl.Mcu.Toolchain.Plan.Variants;

/// <summary>Undoes the choice of a variant.</summary>
internal static class PlainLayer
{
    /// <summary>
    /// The same layer with the kernel of its family that needs no scratch. What a variant made another operator stays that: a fully connected layer over several rows
    /// a pointwise convolution, and a narrow convolution one over a single column (<see cref="WidthFolding"/>).
    /// </summary>
    public static DeviceLayer Of(DeviceLayer layer)
    {
        OpCode kernel = Kernel(layer.Kernel);
        if (kernel == layer.Kernel)
            return layer;
        DeviceLayer plain = layer with
        {
            Kernel = kernel,
            Operator = kernel.ToString(),
            Parameters = layer.Parameters[..KernelTable.Find((int)kernel).ParameterCount],
            Weights = layer.Kernel == OpCode.ByteRowFullyConnected ? SignedWeights(layer) : layer.Weights,
            Lanes = 0,
            StripBytes = 0,
            RowBytes = 0,
            PackedBytes = 0,
            PredictedIl = 0,
        };
        return plain with { PredictedIl = ScalarCost.Of(plain) };
    }

    private static OpCode Kernel(OpCode kernel) => kernel switch
    {
        OpCode.PackedConv2DInt4 => OpCode.Conv2DInt4,
        OpCode.Conv2DInt4 or OpCode.FullyConnectedInt4 => kernel,
        _ => KernelFamily.Of(kernel),
    };

    private static byte[] SignedWeights(DeviceLayer layer)
    {
        byte[] weights = (byte[])layer.Weights.Clone();
        for (int i = 0; i < layer.Parameters[F.InputDepth] * layer.Parameters[F.OutputDepth]; i++)
            weights[i] -= ByteRowFullyConnected.WeightOffset;
        return weights;
    }
}
