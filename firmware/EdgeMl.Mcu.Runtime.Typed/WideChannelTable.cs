using EdgeMl.Mcu.Runtime.Kernels;

namespace EdgeMl.Mcu.Runtime.Typed;

/// <summary>
/// What follows the int8 weights of a linear layer with int16 activations and N output channels: bias [N] int64, multiplier [N] int32, shift [N] int8. The table
/// begins at a multiple of 4 from the start of the layer's weights.
/// </summary>
/// <remarks>
/// In a wide layer the accumulator has 64 bits and the multiplier is Q0.15: <see cref="Arithmetic.FixedPoint.MultiplyByReducedMultiplier"/>. In others the
/// accumulator has 32 bits and the multiplier is Q0.31, as in int8 layers.
/// </remarks>
public static class WideChannelTable
{
    /// <summary>Greatest shift of 64-bit accumulators, so that there is a bit to round at.</summary>
    public const int MaxWideShift = 14;

    /// <summary>Bytes of weights and table together.</summary>
    public static long Bytes(int weightCount, int channels)
    {
        return ChannelTable.Start(0, weightCount) + (13L * channels);
    }

    /// <summary>Checks the length of weights and table, and every multiplier and shift.</summary>
    public static void Validate(LayerReader layer, int weightCount, int channels, bool wide)
    {
        layer.Weights(Bytes(weightCount, channels));
        if (layer.Failed)
            return;
        int multipliers = ChannelTable.Start(0, weightCount) + (channels << 3);
        int shifts = multipliers + (channels << 2);
        for (int i = 0; i < channels; i++)
        {
            int shift = layer.WeightByte(shifts + i);
            layer.Check(shift >= -31 && shift <= (wide ? MaxWideShift : 30) && layer.WeightByte(multipliers + (i << 2) + 3) >= 0);
        }
    }
}
