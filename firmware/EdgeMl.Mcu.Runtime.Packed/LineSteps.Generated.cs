// Written by a program; change that instead: dotnet run --project tools/EdgeMl.Mcu.KernelGenerator -- .

namespace EdgeMl.Mcu.Runtime.Packed;

/// <summary>The inner loops of <see cref="LineDepthwiseConv2D"/>.</summary>
internal static class LineSteps
{
    /// <summary>Most lines.</summary>
    public const int LinesMax = 5;

    private const long LaneMask = (1L << PackedWeights.LaneBits) - 1;

    /// <summary>
    /// Makes steps along some lines of outputs, whose lanes all begin as <paramref name="start"/>: each step drops the lowest lane, opens a new one and adds the
    /// inputs of three neighbouring lines times their packed weights. All but the first <paramref name="warm"/> steps store the lowest lane's sum, rescaled, where it is
    /// not under <paramref name="zero"/>. In the end the lanes of each line stand in <paramref name="lanes"/>.
    /// </summary>
    /// <remarks>The first line has its own weights for the input line above it, and the last one for the line below; x is the second input line's position.</remarks>
    public static void Run(sbyte[] arena, long[] lanes, int lines, long start, long open, long topOpen, long bottomOpen, long top, long w0, long w1, long w2, long bottom, int x, int above, int lineStep, int missing, int step, int end, int warm, int y, int yLine, int yStep, long factor, long offset, long zero, int high)
    {
        int from = x + (warm * step);
        if (lines == 3)
        {
            int d2_3 = lineStep;
            int d3_3 = d2_3 + lineStep;
            int below3 = d3_3 + lineStep - missing;
            int y1_3 = yLine;
            int y2_3 = y1_3 + yLine;
            long a0_3 = start;
            long a1_3 = start;
            long a2_3 = start;
            while (x != end)
            {
                long x0 = arena[x + above];
                long x1 = arena[x];
                long x2 = arena[x + d2_3];
                long x3 = arena[x + d3_3];
                long x4 = arena[x + below3];
                a0_3 = (a0_3 >> PackedWeights.LaneBits) + topOpen + (x0 * top) + (x1 * w1) + (x2 * w2);
                a1_3 = (a1_3 >> PackedWeights.LaneBits) + open + (x1 * w0) + (x2 * w1) + (x3 * w2);
                a2_3 = (a2_3 >> PackedWeights.LaneBits) + bottomOpen + (x2 * w0) + (x3 * w1) + (x4 * bottom);
                if (x >= from)
                {
                    long sum;
                    int value;
                    sum = a0_3 & LaneMask;
                    if (sum >= zero)
                    {
                        value = (int)(((sum * factor) + offset) >> TableRescale.Shift);
                        if (value > high)
                            value = high;
                        arena[y] = (sbyte)value;
                    }
                    sum = a1_3 & LaneMask;
                    if (sum >= zero)
                    {
                        value = (int)(((sum * factor) + offset) >> TableRescale.Shift);
                        if (value > high)
                            value = high;
                        arena[y + y1_3] = (sbyte)value;
                    }
                    sum = a2_3 & LaneMask;
                    if (sum >= zero)
                    {
                        value = (int)(((sum * factor) + offset) >> TableRescale.Shift);
                        if (value > high)
                            value = high;
                        arena[y + y2_3] = (sbyte)value;
                    }
                    y += yStep;
                }
                x += step;
            }
            lanes[0] = a0_3;
            lanes[1] = a1_3;
            lanes[2] = a2_3;
            return;
        }
        int d2_5 = lineStep;
        int d3_5 = d2_5 + lineStep;
        int d4_5 = d3_5 + lineStep;
        int d5_5 = d4_5 + lineStep;
        int below5 = d5_5 + lineStep - missing;
        int y1_5 = yLine;
        int y2_5 = y1_5 + yLine;
        int y3_5 = y2_5 + yLine;
        int y4_5 = y3_5 + yLine;
        long a0_5 = start;
        long a1_5 = start;
        long a2_5 = start;
        long a3_5 = start;
        long a4_5 = start;
        while (x != end)
        {
            long x0 = arena[x + above];
            long x1 = arena[x];
            long x2 = arena[x + d2_5];
            long x3 = arena[x + d3_5];
            long x4 = arena[x + d4_5];
            long x5 = arena[x + d5_5];
            long x6 = arena[x + below5];
            a0_5 = (a0_5 >> PackedWeights.LaneBits) + topOpen + (x0 * top) + (x1 * w1) + (x2 * w2);
            a1_5 = (a1_5 >> PackedWeights.LaneBits) + open + (x1 * w0) + (x2 * w1) + (x3 * w2);
            a2_5 = (a2_5 >> PackedWeights.LaneBits) + open + (x2 * w0) + (x3 * w1) + (x4 * w2);
            a3_5 = (a3_5 >> PackedWeights.LaneBits) + open + (x3 * w0) + (x4 * w1) + (x5 * w2);
            a4_5 = (a4_5 >> PackedWeights.LaneBits) + bottomOpen + (x4 * w0) + (x5 * w1) + (x6 * bottom);
            if (x >= from)
            {
                long sum;
                int value;
                sum = a0_5 & LaneMask;
                if (sum >= zero)
                {
                    value = (int)(((sum * factor) + offset) >> TableRescale.Shift);
                    if (value > high)
                        value = high;
                    arena[y] = (sbyte)value;
                }
                sum = a1_5 & LaneMask;
                if (sum >= zero)
                {
                    value = (int)(((sum * factor) + offset) >> TableRescale.Shift);
                    if (value > high)
                        value = high;
                    arena[y + y1_5] = (sbyte)value;
                }
                sum = a2_5 & LaneMask;
                if (sum >= zero)
                {
                    value = (int)(((sum * factor) + offset) >> TableRescale.Shift);
                    if (value > high)
                        value = high;
                    arena[y + y2_5] = (sbyte)value;
                }
                sum = a3_5 & LaneMask;
                if (sum >= zero)
                {
                    value = (int)(((sum * factor) + offset) >> TableRescale.Shift);
                    if (value > high)
                        value = high;
                    arena[y + y3_5] = (sbyte)value;
                }
                sum = a4_5 & LaneMask;
                if (sum >= zero)
                {
                    value = (int)(((sum * factor) + offset) >> TableRescale.Shift);
                    if (value > high)
                        value = high;
                    arena[y + y4_5] = (sbyte)value;
                }
                y += yStep;
            }
            x += step;
        }
        lanes[0] = a0_5;
        lanes[1] = a1_5;
        lanes[2] = a2_5;
        lanes[3] = a3_5;
        lanes[4] = a4_5;
    }
}
