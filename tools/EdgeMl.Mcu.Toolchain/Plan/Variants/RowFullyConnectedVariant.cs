using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Packed;
using K = EdgeMl.Mcu.Runtime.Kernels.FullyConnected;

namespace EdgeMl.Mcu.Toolchain.Plan.Variants;

/// <summary>Fully connected layers with one row of inputs: inputs in locals, weights one byte each or packed in RAM when the model is loaded.</summary>
internal sealed class RowFullyConnectedVariant : KernelVariant
{
    private const long HalfLane = 1L << (PackedWeights.LaneBits - 1);

    /// <inheritdoc/>
    public override IEnumerable<DeviceLayer> Candidates(DeviceLayer layer, int scratchBytes)
    {
        int[] parameters = layer.Parameters;
        if (layer.Kernel != OpCode.FullyConnected || parameters[K.Batches] != 1 || parameters[K.WeightZeroPoint] != 0)
            yield break;
        int depth = parameters[K.InputDepth];
        int channels = parameters[K.OutputDepth];
        bool uniform = IsUniform(LaneChannel.Read(layer.Weights, channels, depth));
        yield return Bytes(layer, depth, channels, uniform);
        yield return Packed(layer, depth, channels, uniform);
    }

    private static DeviceLayer Bytes(DeviceLayer layer, int depth, int channels, bool uniform)
    {
        byte[] weights = (byte[])layer.Weights.Clone();
        for (int i = 0; i < depth * channels; i++)
            weights[i] += ByteRowFullyConnected.WeightOffset;
        return layer with
        {
            Kernel = OpCode.ByteRowFullyConnected,
            Parameters = [.. layer.Parameters, uniform ? 1 : 0],
            Weights = weights,
            Lanes = ByteRowFullyConnected.OutputsAtOnce,
            StripBytes = ByteRowFullyConnected.TermsMax,
            RowBytes = ByteRowFullyConnected.TermsMax,
            PredictedIl = PredictIl(depth, channels, ByteRowFullyConnected.TermsMax, terms => 6 * ByteRowFullyConnected.PaddedTerms(terms), uniform) + 300,
        };
    }

    private static DeviceLayer Packed(DeviceLayer layer, int depth, int channels, bool uniform)
    {
        int terms = (depth + PackedWeights.Lanes - 1) / PackedWeights.Lanes;
        int blocks = (terms + PackedRowFullyConnected.TermsMax - 1) / PackedRowFullyConnected.TermsMax;
        int blockTerms = (terms + blocks - 1) / blocks;
        while (!FitsLanes(layer.Weights, depth, channels, blockTerms))
        {
            blocks++;
            blockTerms = (terms + blocks - 1) / blocks;
        }
        return layer with
        {
            Kernel = OpCode.PackedRowFullyConnected,
            Parameters = [.. layer.Parameters, uniform ? 1 : 0, blockTerms],
            Lanes = PackedRowFullyConnected.LaneCount,
            PackedBytes = PackedRowFullyConnected.PackedBytes(depth, channels, blockTerms),
            PredictedIl = PredictIl(terms, channels, blockTerms, size => 6 * PackedRowFullyConnected.PaddedTerms(size), uniform) + (40L * terms),
        };
    }

    /// <summary>Whether no lane of any row's block can leave its bits, whatever the inputs are.</summary>
    private static bool FitsLanes(byte[] weights, int depth, int channels, int blockTerms)
    {
        int block = blockTerms * PackedWeights.Lanes;
        Span<long> sums = stackalloc long[PackedWeights.Lanes];
        for (int row = 0; row < channels; row++)
        {
            for (int first = 0; first < depth; first += block)
            {
                sums.Clear();
                int end = Math.Min(depth, first + block);
                for (int i = first; i < end; i++)
                    sums[(i - first) % PackedWeights.Lanes] += PackedWeights.ActivationBound * Math.Abs((int)(sbyte)weights[(row * depth) + i]);
                if (sums[0] + sums[1] + sums[2] >= HalfLane)
                    return false;
            }
        }
        return true;
    }

    private static bool IsUniform(LaneChannel[] channels) =>
        Array.TrueForAll(channels, channel => channel.Multiplier == channels[0].Multiplier && channel.Shift == channels[0].Shift && !channel.Wraps)
        && channels[0].Shift is >= -TableRescale.RightShiftMax and <= 0;

    private static long PredictIl(int terms, int channels, int block, Func<int, int> rowIl, bool uniform)
    {
        long il = channels * (uniform ? 48L : 90L);
        int passes = (channels + ByteRowFullyConnected.OutputsAtOnce - 1) / ByteRowFullyConnected.OutputsAtOnce;
        for (int first = 0; first < terms; first += block)
            il += (channels * (42L + rowIl(Math.Min(block, terms - first)))) + (passes * 900L);
        return il;
    }
}
