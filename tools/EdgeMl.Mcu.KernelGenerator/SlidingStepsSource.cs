using System.Text;

namespace EdgeMl.Mcu.KernelGenerator;

/// <summary>The inner loops of the sliding depthwise convolution: one for each number of groups of taps.</summary>
internal static class SlidingStepsSource
{
    /// <summary>Numbers of groups that have a loop; others take the next larger one, with weights of 0.</summary>
    private static readonly int[] GroupCounts = [1, 2, 3, 6, 10];

    public static string Text()
    {
        int most = GroupCounts[^1];
        var text = new StringBuilder(SourceLines.Begin("EdgeMl.Mcu.Runtime.Packed").ToString()).Append($$"""
            /// <summary>The inner loops of <see cref="SlidingDepthwiseConv2D"/>.</summary>
            internal static class SlidingSteps
            {
                /// <summary>Most groups of taps.</summary>
                public const int GroupsMax = {{most}};

                /// <summary>Number of groups of the loop that runs a number of groups.</summary>
                public static int Padded(int groups)
                {

            """);
        foreach (int count in GroupCounts[..^1])
            text.Append($"        if (groups <= {count})\n            return {count};\n");
        text.Append($$"""
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

            """);
        for (int group = 0; group < most; group++)
            text.Append($"        long w{group};\n");
        for (int group = 1; group < most; group++)
            text.Append($"        int d{group};\n");
        text.Append("        int from = x + ((warm + 1) * step);\n        int end = x + ((warm + count) * step);\n        long sum;\n        switch (groups)\n        {\n");
        foreach (int count in GroupCounts)
            WriteCase(text, count);
        return text.Append("        }\n        return acc;\n    }\n}\n").ToString();
    }

    private static void WriteCase(StringBuilder text, int groups)
    {
        text.Append($"            {(groups == GroupCounts[^1] ? "default" : $"case {groups}")}:\n");
        for (int group = 0; group < groups; group++)
            text.Append($"                w{group} = lanes[SlidingGroups.LiveWeights + {group}];\n");
        for (int group = 1; group < groups; group++)
            text.Append($"                d{group} = (int)(lanes[SlidingGroups.Distances + {group}] - lanes[SlidingGroups.Distances]);\n");
        text.Append("                while (x != end)\n                {\n");
        text.Append($"                    acc = (acc >> PackedWeights.LaneBits) + bias + (arena[x] * w0){string.Concat(Enumerable.Range(1, groups - 1).Select(group => $" + (arena[x + d{group}] * w{group})"))};\n");
        text.Append("                    x += step;\n                    if (x < from)\n                        continue;\n");
        text.Append("                    sum = acc & mask;\n");
        text.Append("                    arena[y] = arena[(int)(((sum * factor) + (sum < zero ? negativeOffset : offset)) >> TableRescale.Shift)];\n");
        text.Append("                    y += yStep;\n                }\n                break;\n");
    }
}
