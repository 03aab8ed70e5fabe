using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Plan;
using EdgeMl.Mcu.Toolchain.Plan.Lowering;
using F = EdgeMl.Mcu.Runtime.Kernels.FullyConnected;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>Counts the weights of a device model that are 0.</summary>
internal static class DeviceWeights
{
    /// <summary>One entry a linear layer with a plain kernel of any type, in execution order.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="isPruned">Whether the layer at an index could lose weights.</param>
    public static IReadOnlyList<LayerPruning> Report(IReadOnlyList<DeviceLayer> layers, Func<int, bool> isPruned) =>
        [.. layers.Select((layer, i) => Zeros(layer) is { } zeros ? new LayerPruning(layer.ShortName, layer.Operator, layer.WeightCount, zeros, isPruned(i)) : null).OfType<LayerPruning>()];

    private static int? Zeros(DeviceLayer layer) => layer.Kernel switch
    {
        OpCode.FullyConnected or OpCode.Conv2D or OpCode.DepthwiseConv2D => DeviceLinearLayer.Of(layer)!.Node.Inputs[1]!.Reals().Count(weight => weight == 0),
        OpCode.FullyConnectedInt4 => FourBitZeros(layer, layer.Parameters[F.OutputDepth]),
        OpCode.Conv2DInt4 => FourBitZeros(layer, layer.Parameters[P.OutputChannels]),
        OpCode.Conv2DInt16 or OpCode.TransposeConv2D or OpCode.TransposeConv2DInt16 => layer.Weights.Take(layer.WeightCount).Count(weight => weight == 0),
        _ => null,
    };

    private static int FourBitZeros(DeviceLayer layer, int channels) =>
        FourBitPacking.Unpack(layer.Weights, layer.WeightCount / channels, channels).Take(layer.WeightCount).Count(weight => weight == 0);
}
