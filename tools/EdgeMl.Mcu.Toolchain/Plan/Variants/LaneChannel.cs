using System.Buffers.Binary;
using EdgeMl.Mcu.Runtime.Kernels;
using EdgeMl.Mcu.Runtime.Packed;

namespace EdgeMl.Mcu.Toolchain.Plan.Variants;

/// <summary>One output channel of a linear layer, for proving what a lane of its sums needs.</summary>
/// <param name="WeightSum">Σ|w|.</param>
/// <param name="Bias">The table's bias.</param>
/// <param name="Multiplier">The table's multiplier.</param>
/// <param name="Shift">The table's shift; positive shifts left.</param>
internal readonly record struct LaneChannel(int WeightSum, int Bias, int Multiplier, int Shift)
{
    /// <summary>Whether the reference's 32-bit accumulator can wrap around: bias and sums, or the left shift.</summary>
    public bool Wraps => (Math.Abs((long)Bias) + ((long)WeightSum * PackedWeights.ActivationBound)) << Math.Max(Shift, 0) > int.MaxValue;

    /// <summary>The channels of a layer's weights [channels, taps] with their <see cref="ChannelTable"/>.</summary>
    public static LaneChannel[] Read(byte[] bytes, int channels, int taps)
    {
        ReadOnlySpan<byte> table = bytes.AsSpan(ChannelTable.Start(0, taps * channels));
        var result = new LaneChannel[channels];
        for (int channel = 0; channel < channels; channel++)
        {
            int sum = 0;
            for (int tap = 0; tap < taps; tap++)
                sum += Math.Abs((int)(sbyte)bytes[(channel * taps) + tap]);
            result[channel] = new LaneChannel(
                sum,
                BinaryPrimitives.ReadInt32LittleEndian(table[(4 * channel)..]),
                BinaryPrimitives.ReadInt32LittleEndian(table[(4 * (channels + channel))..]),
                (sbyte)table[(8 * channels) + channel]);
        }
        return result;
    }

    /// <summary>The output before zero point and clamps where a lane with the bias 128 Σ|w| holds <paramref name="laneSum"/>.</summary>
    public long Rescaled(long laneSum, bool negative) => TableRescale.Value(laneSum + Bias - ((long)WeightSum * PackedWeights.ActivationBound), Multiplier, Shift, negative);
}
