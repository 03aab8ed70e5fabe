// Written by a program; change that instead: dotnet run --project tools/EdgeMl.Mcu.KernelGenerator -- .

namespace EdgeMl.Mcu.Runtime.Packed;

/// <summary>The inner loops of <see cref="SlidingDepthwiseConv2D"/>.</summary>
internal static class SlidingSteps
{
    /// <summary>Most groups of taps.</summary>
    public const int GroupsMax = 10;

    /// <summary>Number of groups of the loop that runs a number of groups.</summary>
    public static int Padded(int groups)
    {
        if (groups <= 1)
            return 1;
        if (groups <= 2)
            return 2;
        if (groups <= 3)
            return 3;
        if (groups <= 6)
            return 6;
        return GroupsMax;
    }

    /// <summary>
    /// Makes steps along a line: each drops the lowest lane, opens a new one with the bias and adds the inputs times the packed weights. The first
    /// <paramref name="warm"/> steps store nothing, the next <paramref name="count"/> ones store the lowest lane's sum through the table.
    /// </summary>
    /// <returns>The lanes after the last step.</returns>
    public static long Run(sbyte[] arena, long[] lanes, int groups, long acc, long bias, int x, int step, int warm, int count, int y, int yStep, long mask, long factor, long offset, long negativeOffset, long zero)
    {
        x += (int)lanes[SlidingGroups.Distances];
        long w0;
        long w1;
        long w2;
        long w3;
        long w4;
        long w5;
        long w6;
        long w7;
        long w8;
        long w9;
        int d1;
        int d2;
        int d3;
        int d4;
        int d5;
        int d6;
        int d7;
        int d8;
        int d9;
        int from = x + ((warm + 1) * step);
        int end = x + ((warm + count) * step);
        long sum;
        switch (groups)
        {
            case 1:
                w0 = lanes[SlidingGroups.LiveWeights + 0];
                while (x != end)
                {
                    acc = (acc >> PackedWeights.LaneBits) + bias + (arena[x] * w0);
                    x += step;
                    if (x < from)
                        continue;
                    sum = acc & mask;
                    arena[y] = arena[(int)(((sum * factor) + (sum < zero ? negativeOffset : offset)) >> TableRescale.Shift)];
                    y += yStep;
                }
                break;
            case 2:
                w0 = lanes[SlidingGroups.LiveWeights + 0];
                w1 = lanes[SlidingGroups.LiveWeights + 1];
                d1 = (int)(lanes[SlidingGroups.Distances + 1] - lanes[SlidingGroups.Distances]);
                while (x != end)
                {
                    acc = (acc >> PackedWeights.LaneBits) + bias + (arena[x] * w0) + (arena[x + d1] * w1);
                    x += step;
                    if (x < from)
                        continue;
                    sum = acc & mask;
                    arena[y] = arena[(int)(((sum * factor) + (sum < zero ? negativeOffset : offset)) >> TableRescale.Shift)];
                    y += yStep;
                }
                break;
            case 3:
                w0 = lanes[SlidingGroups.LiveWeights + 0];
                w1 = lanes[SlidingGroups.LiveWeights + 1];
                w2 = lanes[SlidingGroups.LiveWeights + 2];
                d1 = (int)(lanes[SlidingGroups.Distances + 1] - lanes[SlidingGroups.Distances]);
                d2 = (int)(lanes[SlidingGroups.Distances + 2] - lanes[SlidingGroups.Distances]);
                while (x != end)
                {
                    acc = (acc >> PackedWeights.LaneBits) + bias + (arena[x] * w0) + (arena[x + d1] * w1) + (arena[x + d2] * w2);
                    x += step;
                    if (x < from)
                        continue;
                    sum = acc & mask;
                    arena[y] = arena[(int)(((sum * factor) + (sum < zero ? negativeOffset : offset)) >> TableRescale.Shift)];
                    y += yStep;
                }
                break;
            case 6:
                w0 = lanes[SlidingGroups.LiveWeights + 0];
                w1 = lanes[SlidingGroups.LiveWeights + 1];
                w2 = lanes[SlidingGroups.LiveWeights + 2];
                w3 = lanes[SlidingGroups.LiveWeights + 3];
                w4 = lanes[SlidingGroups.LiveWeights + 4];
                w5 = lanes[SlidingGroups.LiveWeights + 5];
                d1 = (int)(lanes[SlidingGroups.Distances + 1] - lanes[SlidingGroups.Distances]);
                d2 = (int)(lanes[SlidingGroups.Distances + 2] - lanes[SlidingGroups.Distances]);
                d3 = (int)(lanes[SlidingGroups.Distances + 3] - lanes[SlidingGroups.Distances]);
                d4 = (int)(lanes[SlidingGroups.Distances + 4] - lanes[SlidingGroups.Distances]);
                d5 = (int)(lanes[SlidingGroups.Distances + 5] - lanes[SlidingGroups.Distances]);
                while (x != end)
                {
                    acc = (acc >> PackedWeights.LaneBits) + bias + (arena[x] * w0) + (arena[x + d1] * w1) + (arena[x + d2] * w2) + (arena[x + d3] * w3) + (arena[x + d4] * w4) + (arena[x + d5] * w5);
                    x += step;
                    if (x < from)
                        continue;
                    sum = acc & mask;
                    arena[y] = arena[(int)(((sum * factor) + (sum < zero ? negativeOffset : offset)) >> TableRescale.Shift)];
                    y += yStep;
                }
                break;
            default:
                w0 = lanes[SlidingGroups.LiveWeights + 0];
                w1 = lanes[SlidingGroups.LiveWeights + 1];
                w2 = lanes[SlidingGroups.LiveWeights + 2];
                w3 = lanes[SlidingGroups.LiveWeights + 3];
                w4 = lanes[SlidingGroups.LiveWeights + 4];
                w5 = lanes[SlidingGroups.LiveWeights + 5];
                w6 = lanes[SlidingGroups.LiveWeights + 6];
                w7 = lanes[SlidingGroups.LiveWeights + 7];
                w8 = lanes[SlidingGroups.LiveWeights + 8];
                w9 = lanes[SlidingGroups.LiveWeights + 9];
                d1 = (int)(lanes[SlidingGroups.Distances + 1] - lanes[SlidingGroups.Distances]);
                d2 = (int)(lanes[SlidingGroups.Distances + 2] - lanes[SlidingGroups.Distances]);
                d3 = (int)(lanes[SlidingGroups.Distances + 3] - lanes[SlidingGroups.Distances]);
                d4 = (int)(lanes[SlidingGroups.Distances + 4] - lanes[SlidingGroups.Distances]);
                d5 = (int)(lanes[SlidingGroups.Distances + 5] - lanes[SlidingGroups.Distances]);
                d6 = (int)(lanes[SlidingGroups.Distances + 6] - lanes[SlidingGroups.Distances]);
                d7 = (int)(lanes[SlidingGroups.Distances + 7] - lanes[SlidingGroups.Distances]);
                d8 = (int)(lanes[SlidingGroups.Distances + 8] - lanes[SlidingGroups.Distances]);
                d9 = (int)(lanes[SlidingGroups.Distances + 9] - lanes[SlidingGroups.Distances]);
                while (x != end)
                {
                    acc = (acc >> PackedWeights.LaneBits) + bias + (arena[x] * w0) + (arena[x + d1] * w1) + (arena[x + d2] * w2) + (arena[x + d3] * w3) + (arena[x + d4] * w4) + (arena[x + d5] * w5) + (arena[x + d6] * w6) + (arena[x + d7] * w7) + (arena[x + d8] * w8) + (arena[x + d9] * w9);
                    x += step;
                    if (x < from)
                        continue;
                    sum = acc & mask;
                    arena[y] = arena[(int)(((sum * factor) + (sum < zero ? negativeOffset : offset)) >> TableRescale.Shift)];
                    y += yStep;
                }
                break;
        }
        return acc;
    }
}
