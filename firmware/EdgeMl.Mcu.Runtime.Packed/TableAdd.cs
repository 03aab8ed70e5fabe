using EdgeMl.Mcu.Runtime.Arithmetic;
using EdgeMl.Mcu.Runtime.Kernels;

namespace EdgeMl.Mcu.Runtime.Packed;

/// <summary>
/// <see cref="Add"/> of inputs whose rows lie contiguously, the same bits: two tables in the lanes give what each of an input's 256 values contributes to the sum, a third one in
/// the strip gives the output.
/// </summary>
/// <remarks>
/// Parameters as <see cref="Add"/>, then the first value and the number of entries of the output's table. Both roundings of the sum are one here, so the toolchain has compared
/// all 65,536 pairs of inputs.
/// </remarks>
public sealed class TableAdd : QuantizedBinary
{
    /// <summary>Parameter: value of the output table's first entry, without the zero point.</summary>
    public const int TableFirst = Add.OutputMultiplier + 2;

    /// <summary>Parameter: number of the output table's entries.</summary>
    public const int TableEntries = TableFirst + 1;

    /// <summary>Number of parameters.</summary>
    public const int Count = TableEntries + 1;

    /// <summary>64-bit words that the kernel needs.</summary>
    public const int LaneCount = 512;

    /// <summary>Creates the kernel.</summary>
    public TableAdd()
        : base(3)
    {
    }

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <summary>What an input value contributes, in units of 2^-<see cref="TableRescale.Shift"/> of the output's scale.</summary>
    /// <param name="value">Input less its zero point.</param>
    /// <param name="multiplier">The input's multiplier.</param>
    /// <param name="shift">The input's shift, 0 or less.</param>
    /// <param name="outputMultiplier">The output's multiplier.</param>
    /// <param name="outputShift">The output's shift, -<see cref="TableRescale.RightShiftMax"/> or less.</param>
    public static long Contribution(int value, int multiplier, int shift, int outputMultiplier, int outputShift)
    {
        long scaled = FixedPoint.MultiplyByQuantizedMultiplier(value << Add.LeftShift, multiplier, shift);
        return (scaled * outputMultiplier) >> (-TableRescale.RightShiftMax - outputShift);
    }

    /// <summary>The constant that rounds, in the same units.</summary>
    public static long Rounding(int outputShift)
    {
        return (1L << (TableRescale.Shift - 1)) + (1L << (TableRescale.Shift - 1 + outputShift)) + 1;
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        int first = frame.Int(TableFirst);
        TableRescale.FillTable(frame, first, frame.Int(TableEntries), frame.Int(OutputZeroPoint), frame.Int(ActivationMin), frame.Int(ActivationMax));
        int shift = frame.Int(Add.OutputMultiplier + 1);
        FillContributions(frame, 0, ZeroPoint1, Add.Multiplier1, Rounding(shift) + ((long)(frame.Strip - first) << TableRescale.Shift));
        FillContributions(frame, 256, ZeroPoint2, Add.Multiplier2, 0);
        base.Run(frame);
    }

    /// <inheritdoc/>
    protected override void ValidateOwn(LayerReader layer)
    {
        int zeroPoint1 = layer.Range(ZeroPoint1, -128, 127);
        int zeroPoint2 = layer.Range(ZeroPoint2, -128, 127);
        layer.Range(OutputZeroPoint, -128, 127);
        int multiplier1 = layer.Range(Add.Multiplier1, 0, int.MaxValue);
        int shift1 = layer.Range(Add.Multiplier1 + 1, -31, 0);
        int multiplier2 = layer.Range(Add.Multiplier2, 0, int.MaxValue);
        int shift2 = layer.Range(Add.Multiplier2 + 1, -31, 0);
        int multiplier = layer.Range(Add.OutputMultiplier, 0, int.MaxValue);
        int shift = layer.Range(Add.OutputMultiplier + 1, -31, -TableRescale.RightShiftMax);
        layer.Range(Strides1 + Rank - 1, 1, 1);
        layer.Range(Strides2 + Rank - 1, 1, 1);
        int first = layer.Range(TableFirst, -TableRescale.EntriesMax, TableRescale.EntriesMax);
        int entries = layer.Range(TableEntries, 1, TableRescale.EntriesMax);
        layer.Lanes(LaneCount);
        layer.Strip(entries);
        if (layer.Failed)
            return;
        // Contributions grow with their inputs.
        long least = Contribution(-128 - zeroPoint1, multiplier1, shift1, multiplier, shift) + Contribution(-128 - zeroPoint2, multiplier2, shift2, multiplier, shift);
        long greatest = Contribution(127 - zeroPoint1, multiplier1, shift1, multiplier, shift) + Contribution(127 - zeroPoint2, multiplier2, shift2, multiplier, shift);
        layer.Check((least + Rounding(shift)) >> TableRescale.Shift >= first && (greatest + Rounding(shift)) >> TableRescale.Shift < first + entries);
        layer.Check(TableRescale.FitsStrip(layer));
    }

    /// <inheritdoc/>
    protected override void Row(Frame frame, int x1, int step1, int x2, int step2, int y, int count)
    {
        sbyte[] arena = frame.Arena;
        long[] lanes = frame.Lanes;
        x2 -= x1;
        y -= x1;
        int end = x1 + count;
        while (x1 < end)
        {
            arena[x1 + y] = arena[(int)((lanes[arena[x1] + 128] + lanes[arena[x1 + x2] + 384]) >> TableRescale.Shift)];
            x1++;
        }
    }

    private static void FillContributions(Frame frame, int lane, int zeroPointParameter, int multiplierParameter, long offset)
    {
        long[] lanes = frame.Lanes;
        int multiplier = frame.Int(multiplierParameter);
        int shift = frame.Int(multiplierParameter + 1);
        int outputMultiplier = frame.Int(Add.OutputMultiplier);
        int outputShift = frame.Int(Add.OutputMultiplier + 1);
        int value = -128 - frame.Int(zeroPointParameter);
        for (int end = lane + 256; lane < end; lane++)
            lanes[lane] = Contribution(value++, multiplier, shift, outputMultiplier, outputShift) + offset;
    }
}
