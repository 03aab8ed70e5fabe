namespace EdgeMl.Mcu.Runtime.Packed;

/// <summary>
/// Requantisation of sums that a lane holds, without a branch: <c>out = arena[(sum * factor + offset) >> Shift]</c>, where a table in the arena's strip adds the zero point and
/// holds the result within the activation range. Equal to <see cref="Arithmetic.FixedPoint.MultiplyByQuantizedMultiplier"/>, bit for bit.
/// </summary>
/// <remarks>
/// With a the accumulator, M the multiplier and n the right shift, both roundings together are <c>(a * M + 2^30 + 2^(30+n)) >> (31 + n)</c> for a ≥ 0; for a &lt; 0 the second one
/// rounds half down, which makes the constant less by 2^31. That only matters where outputs under the zero point are not clamped away. All terms are then brought to one
/// shift for all channels.
/// </remarks>
public static class TableRescale
{
    /// <summary>The right shift.</summary>
    public const int Shift = 43;

    /// <summary>Most entries of a table, and the largest absolute value of its first one.</summary>
    public const int EntriesMax = 1 << 15;

    /// <summary>Largest right shift of a channel.</summary>
    public const int RightShiftMax = Shift - 31;

    /// <summary>What the sum is multiplied with, for a table multiplier and shift (positive shifts left).</summary>
    public static long Factor(int multiplier, int shift)
    {
        return (long)multiplier << (RightShiftMax + shift);
    }

    /// <summary>The constant that rounds sums that are not negative.</summary>
    public static long Rounding(int shift)
    {
        return shift >= 0 ? 1L << (Shift - 1) : (1L << (Shift - 1)) + (1L << (Shift - 1 + shift));
    }

    /// <summary>What the constant is less by for negative sums.</summary>
    public static long NegativeCorrection(int shift)
    {
        return shift >= 0 ? 0 : 1L << (Shift + shift);
    }

    /// <summary>The value, without zero point and clamp, of an accumulator; nothing overflows where |accumulator| &lt; 2^33.</summary>
    public static long Value(long accumulator, int multiplier, int shift, bool negative)
    {
        long rounding = shift >= 0 ? 1L << (30 - shift) : 0x40000000 + (negative ? (1L << (30 - shift)) - (1L << 31) : 1L << (30 - shift));
        return ((accumulator * multiplier) + rounding) >> (31 - shift);
    }

    /// <summary>Checks that every lane sum from 0 to <paramref name="sumMax"/> finds its entry in the table and that nothing overflows.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="bias">What the sum 0 stands for: bias less the lane's bias; within ± 2^32.</param>
    /// <param name="multiplier">Not negative.</param>
    /// <param name="shift">-31 to 30.</param>
    /// <param name="sumMax">1 to 2^21.</param>
    /// <param name="first">Value of the first entry.</param>
    /// <param name="entries">Number of entries.</param>
    public static void Validate(LayerReader layer, long bias, int multiplier, int shift, int sumMax, int first, int entries)
    {
        layer.Check(shift >= -RightShiftMax && Value(bias, multiplier, shift, true) >= first && Value(bias + sumMax, multiplier, shift, false) < (long)first + entries);
        layer.Check(FitsStrip(layer));
    }

    /// <summary>Whether the strip begins so early that its offsets do not overflow.</summary>
    public static bool FitsStrip(LayerReader layer)
    {
        return layer.StripStart + (2L * EntriesMax) < 1L << (62 - Shift);
    }

    /// <summary>Writes a layer's table to the strip.</summary>
    /// <param name="frame">The layer.</param>
    /// <param name="first">Value of the first entry, without the zero point.</param>
    /// <param name="entries">Number of entries.</param>
    /// <param name="zeroPoint">Zero point of the output.</param>
    /// <param name="low">Least output.</param>
    /// <param name="high">Greatest output.</param>
    public static void FillTable(Frame frame, int first, int entries, int zeroPoint, int low, int high)
    {
        sbyte[] arena = frame.Arena;
        int position = frame.Strip;
        int end = position + entries;
        int value = first + zeroPoint;
        if (value < low)
        {
            int count = low - value < entries ? low - value : entries;
            WindowSource.Fill(arena, position, count, low);
            position += count;
            value = low;
        }
        while (position < end && value < high)
            arena[position++] = (sbyte)value++;
        WindowSource.Fill(arena, position, end - position, high);
    }
}
