using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Toolchain.Plan.Variants;

/// <summary>Predicted IL of the kernels that need no scratch, from counts of whole golden models.</summary>
internal static class ScalarCost
{
    private const int OutputIl = 60;

    /// <summary>Instructions for one run of a layer; what its lowering predicts where it does.</summary>
    public static long Of(DeviceLayer layer) => layer.PredictedIl > 0 ? layer.PredictedIl : (layer.Macs * MacIl(layer.Kernel)) + ((long)layer.OutputShape.ElementCount * OutputIl);

    private static int MacIl(OpCode kernel) => kernel switch
    {
        OpCode.FullyConnected or OpCode.Conv2D or OpCode.FullyConnectedInt4 or OpCode.Conv2DInt4 => 15,
        _ => 30,
    };
}
