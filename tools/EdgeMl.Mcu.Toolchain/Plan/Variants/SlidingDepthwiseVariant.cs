using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Packed;
using K = EdgeMl.Mcu.Runtime.Packed.SlidingDepthwiseConv2D;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Toolchain.Plan.Variants;

/// <summary>Depthwise convolutions with the taps of a line packed in lanes, sliding along the width or the height.</summary>
internal sealed class SlidingDepthwiseVariant : KernelVariant
{
    /// <inheritdoc/>
    public override IEnumerable<DeviceLayer> Candidates(DeviceLayer layer, int scratchBytes)
    {
        int[] parameters = layer.Parameters;
        if (layer.Kernel != OpCode.DepthwiseConv2D)
            yield break;
        for (int axis = 0; axis < 2; axis++)
        {
            long groups = K.Groups(parameters[P.KernelHeight + axis], parameters[P.KernelWidth - axis], parameters[P.StrideWidth - axis]);
            if (groups <= K.GroupsMax && parameters[P.DilationWidth - axis] == 1 && Candidate(layer, axis, (int)groups) is { } candidate)
                yield return candidate;
        }
    }

    private static DeviceLayer? Candidate(DeviceLayer layer, int axis, int groups)
    {
        LaneChannel[] channels = LaneChannel.Read(layer.Weights, layer.Parameters[P.OutputChannels], layer.Parameters[P.KernelHeight] * layer.Parameters[P.KernelWidth]);
        int laneBits = 64 - (int)ulong.LeadingZeroCount((ulong)(2L * PackedWeights.ActivationBound * channels.Max(channel => channel.WeightSum)));
        if (laneBits > PackedWeights.LaneBits || Array.Exists(channels, channel => channel.Wraps || channel.Shift < -TableRescale.RightShiftMax))
            return null;
        laneBits = Math.Max(laneBits, 1);
        long first = channels.Min(channel => channel.Rescaled(0, negative: true));
        long entries = channels.Max(channel => channel.Rescaled((1L << laneBits) - 1, negative: false)) - first + 1;
        if (first < -TableRescale.EntriesMax || first > TableRescale.EntriesMax || entries > TableRescale.EntriesMax)
            return null;
        return layer with
        {
            Kernel = OpCode.SlidingDepthwiseConv2D,
            Parameters = [.. layer.Parameters, axis, laneBits, (int)first, (int)entries],
            Lanes = K.LaneCount,
            StripBytes = (int)entries,
            PredictedIl = PredictIl(layer.Parameters, axis, groups),
        };
    }

    private static long PredictIl(int[] parameters, int axis, int groups)
    {
        long lines = (long)parameters[P.Batches] * parameters[P.OutputHeight + axis];
        int taps = parameters[P.KernelHeight] * parameters[P.KernelWidth];
        long line = 350 + (30 * groups) + (parameters[P.OutputWidth - axis] * (39L + (9 * groups)));
        return 3000 + (parameters[P.OutputChannels] * (600 + (25 * taps) + (lines * line)));
    }
}
