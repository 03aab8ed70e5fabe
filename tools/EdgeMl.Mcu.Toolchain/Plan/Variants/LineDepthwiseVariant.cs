using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Kernels;
using EdgeMl.Mcu.Runtime.Packed;
using K = EdgeMl.Mcu.Runtime.Packed.LineDepthwiseConv2D;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Toolchain.Plan.Variants;

/// <summary>3x3 depthwise convolutions with a rectifier, several lines of outputs at once.</summary>
internal sealed class LineDepthwiseVariant : KernelVariant
{
    private const int LineMax = K.LaneCount;

    /// <inheritdoc/>
    public override IEnumerable<DeviceLayer> Candidates(DeviceLayer layer, int scratchBytes)
    {
        int[] p = layer.Parameters;
        if (layer.Kernel != OpCode.DepthwiseConv2D || p[P.ActivationMin] != p[DepthwiseConv2D.OutputZeroPoint])
            yield break;
        for (int axis = 0; axis < 2; axis++)
        {
            if (p[P.KernelHeight + axis] != K.Window || p[P.StrideHeight + axis] != 1 || p[P.DilationHeight + axis] != 1 || p[P.PadTop + axis] > 1
                || p[P.InputHeight + axis] < K.Window - 1 || p[P.OutputHeight + axis] > p[P.InputHeight + axis] + p[P.PadTop + axis] - 1)
                yield break;
        }
        if (!Array.TrueForAll(LaneChannel.Read(layer.Weights, p[P.OutputChannels], K.Window * K.Window), IsExact))
            yield break;
        for (int axis = 0; axis < 2; axis++)
        {
            if (p[P.OutputHeight + axis] >= K.LinesMin)
                yield return layer with { Kernel = OpCode.LineDepthwiseConv2D, Parameters = [.. p, axis], Lanes = K.LaneCount, PredictedIl = PredictIl(p, axis) };
        }
    }

    /// <summary>Whether neither the reference's accumulator nor a product of the rescaling overflows.</summary>
    private static bool IsExact(LaneChannel channel) =>
        !channel.Wraps && channel.Shift >= -TableRescale.RightShiftMax
        && (Math.Abs((long)channel.Bias) + (2L * PackedWeights.ActivationBound * channel.WeightSum)) * (Int128)channel.Multiplier << (TableRescale.RightShiftMax + channel.Shift) < (Int128)1 << 61;

    private static long PredictIl(int[] p, int axis)
    {
        long il = 0;
        for (int left = p[P.OutputHeight + axis]; left > 0;)
        {
            int lines = left >= 4 && p[P.OutputHeight + axis] >= LineMax ? LineMax : K.LinesMin;
            il += 250 + (30 * lines) + (p[P.OutputWidth - axis] * (28L + (42 * lines)));
            left -= lines;
        }
        return 1000 + (p[P.Batches] * p[P.OutputChannels] * (450 + il));
    }
}
