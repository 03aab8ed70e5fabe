using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Kernels;
using EdgeMl.Mcu.Toolchain.Plan.Trees;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Toolchain.Plan.Variants;

/// <summary>Predicted IL of the kernels that need no scratch, from counts of whole golden models.</summary>
internal static class ScalarCost
{
    private const int OutputIl = 60;

    /// <summary>Instructions for one run of a layer; what its lowering predicts where it does.</summary>
    public static long Of(DeviceLayer layer) => layer switch
    {
        { PredictedIl: > 0 } => layer.PredictedIl,
        { Kernel: OpCode.TreeEnsemble } => TreeCost.Of(TreeLayer.From(layer)!),
        { Kernel: OpCode.Conv2D } => Convolution(layer.Parameters),
        _ => (layer.Macs * MacIl(layer.Kernel)) + ((long)layer.OutputShape.ElementCount * OutputIl),
    };

    /// <summary>A window costs its bounds and its rows, each of which is read in eights.</summary>
    private static long Convolution(int[] p)
    {
        const int WindowIl = 260;
        const int RowIl = 55;
        const int EightIl = 116;
        const int RestIl = 24;
        int channels = p[P.InputChannels] / p[Conv2D.Groups];
        bool contiguous = p[Conv2D.Groups] == 1 && p[P.DilationWidth] == 1;
        int runs = contiguous ? 1 : p[P.KernelWidth];
        int length = contiguous ? p[P.KernelWidth] * channels : channels;
        long row = RowIl + (runs * (20L + (length / 8 * EightIl) + (length % 8 * RestIl)));
        long outputs = (long)p[P.Batches] * p[P.OutputHeight] * p[P.OutputWidth] * p[P.OutputChannels];
        return outputs * (WindowIl + (p[P.KernelHeight] * row));
    }

    private static int MacIl(OpCode kernel) => kernel switch
    {
        OpCode.FullyConnected or OpCode.FullyConnectedInt4 or OpCode.Conv2DInt4 => 15,
        _ => 30,
    };
}
