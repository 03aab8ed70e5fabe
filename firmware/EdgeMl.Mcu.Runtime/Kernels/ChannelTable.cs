namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>
/// What follows the weights of a linear layer with N output channels: bias [N] int32, multiplier [N] int32 (Q0.31, not negative), shift [N] int8
/// (positive shifts left). The table begins at a multiple of 4 from the start of the layer's weights.
/// </summary>
public static class ChannelTable
{
    /// <summary>Where the table begins, for weights that begin at an offset.</summary>
    public static int Start(int weightOffset, int weightCount)
    {
        return weightOffset + ((weightCount + 3) & ~3);
    }

    /// <summary>Bytes of weights and table together.</summary>
    public static long Bytes(int weightCount, int channels)
    {
        return Start(0, weightCount) + (9L * channels);
    }

    /// <summary>Checks the length of weights and table, and every multiplier and shift.</summary>
    public static void Validate(LayerReader layer, int weightCount, int channels)
    {
        layer.Weights(Bytes(weightCount, channels));
        if (layer.Failed)
            return;
        int multipliers = Start(0, weightCount) + (channels << 2);
        int shifts = multipliers + (channels << 2);
        for (int i = 0; i < channels; i++)
        {
            int shift = layer.WeightByte(shifts + i);
            layer.Check(shift >= -31 && shift <= 30 && layer.WeightByte(multipliers + (i << 2) + 3) >= 0);
        }
    }
}
