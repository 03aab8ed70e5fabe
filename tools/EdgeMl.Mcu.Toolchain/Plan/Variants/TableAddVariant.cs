using EdgeMl.Mcu.Runtime.Arithmetic;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Kernels;
using EdgeMl.Mcu.Runtime.Packed;

namespace EdgeMl.Mcu.Toolchain.Plan.Variants;

/// <summary>Additions without broadcast within a row by tables.</summary>
internal sealed class TableAddVariant : KernelVariant
{
    /// <inheritdoc/>
    public override IEnumerable<DeviceLayer> Candidates(DeviceLayer layer, int scratchBytes)
    {
        int[] p = layer.Parameters;
        if (layer.Kernel != OpCode.Add || p[BinaryKernel.Strides1 + BinaryKernel.Rank - 1] != 1 || p[BinaryKernel.Strides2 + BinaryKernel.Rank - 1] != 1)
            yield break;
        if (p[Add.Multiplier1 + 1] > 0 || p[Add.Multiplier2 + 1] > 0 || p[Add.OutputMultiplier + 1] > -TableRescale.RightShiftMax)
            yield break;
        long[] first = Contributions(p, QuantizedBinary.ZeroPoint1, Add.Multiplier1);
        long[] second = Contributions(p, QuantizedBinary.ZeroPoint2, Add.Multiplier2);
        long rounding = TableAdd.Rounding(p[Add.OutputMultiplier + 1]);
        long least = (first[0] + second[0] + rounding) >> TableRescale.Shift;
        long entries = ((first[255] + second[255] + rounding) >> TableRescale.Shift) - least + 1;
        if (Math.Abs(least) > TableRescale.EntriesMax || entries > TableRescale.EntriesMax || !IsExact(p, first, second, rounding))
            yield break;
        yield return layer with
        {
            Kernel = OpCode.TableAdd,
            Parameters = [.. p, (int)least, (int)entries],
            Lanes = TableAdd.LaneCount,
            StripBytes = (int)entries,
            PredictedIl = 30_000 + (33L * layer.OutputShape.ElementCount),
        };
    }

    private static long[] Contributions(int[] p, int zeroPoint, int multiplier) =>
        [.. Enumerable.Range(-128, 256).Select(value => TableAdd.Contribution(value - p[zeroPoint], p[multiplier], p[multiplier + 1], p[Add.OutputMultiplier], p[Add.OutputMultiplier + 1]))];

    /// <summary>Whether all pairs of inputs give the output of the reference, clamps included.</summary>
    private static bool IsExact(int[] p, long[] first, long[] second, long rounding)
    {
        int[] scaled1 = Scaled(p, QuantizedBinary.ZeroPoint1, Add.Multiplier1);
        int[] scaled2 = Scaled(p, QuantizedBinary.ZeroPoint2, Add.Multiplier2);
        for (int a = 0; a < 256; a++)
        {
            for (int b = 0; b < 256; b++)
            {
                int expected = FixedPoint.MultiplyByQuantizedMultiplier(scaled1[a] + scaled2[b], p[Add.OutputMultiplier], p[Add.OutputMultiplier + 1]);
                if (Clamped(p, expected) != Clamped(p, (first[a] + second[b] + rounding) >> TableRescale.Shift))
                    return false;
            }
        }
        return true;
    }

    private static int[] Scaled(int[] p, int zeroPoint, int multiplier) =>
        [.. Enumerable.Range(-128, 256).Select(value => FixedPoint.MultiplyByQuantizedMultiplier((value - p[zeroPoint]) << Add.LeftShift, p[multiplier], p[multiplier + 1]))];

    private static long Clamped(int[] p, long value) =>
        Math.Clamp(value + p[QuantizedBinary.OutputZeroPoint], p[BinaryKernel.ActivationMin], p[BinaryKernel.ActivationMax]);
}
