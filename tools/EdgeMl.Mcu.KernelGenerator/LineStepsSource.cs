namespace EdgeMl.Mcu.KernelGenerator;

/// <summary>The inner loops of 3x3 depthwise convolutions: several lines of outputs at once, one loop for each number of lines.</summary>
internal static class LineStepsSource
{
    private static readonly int[] LineCounts = [3, 5];

    /// <summary>The file.</summary>
    public static string Text()
    {
        SourceLines lines = SourceLines.Begin("EdgeMl.Mcu.Runtime.Packed");
        lines.Add("/// <summary>The inner loops of <see cref=\"LineDepthwiseConv2D\"/>.</summary>");
        lines.Block("internal static class LineSteps", () =>
        {
            lines.Add("/// <summary>Most lines.</summary>");
            lines.Add($"public const int LinesMax = {LineCounts[^1]};");
            lines.Add("");
            lines.Add("private const long LaneMask = (1L << PackedWeights.LaneBits) - 1;");
            lines.Add("");
            lines.Add("/// <summary>");
            lines.Add("/// Makes steps along some lines of outputs, whose lanes all begin as <paramref name=\"start\"/>: each step drops the lowest lane, opens a new one and adds the");
            lines.Add("/// inputs of three neighbouring lines times their packed weights. All but the first <paramref name=\"warm\"/> steps store the lowest lane's sum, rescaled, where it is");
            lines.Add("/// not under <paramref name=\"zero\"/>. In the end the lanes of each line stand in <paramref name=\"lanes\"/>.");
            lines.Add("/// </summary>");
            lines.Add("/// <remarks>The first line has its own weights for the input line above it, and the last one for the line below; x is the second input line's position.</remarks>");
            lines.Block(
                "public static void Run(sbyte[] arena, long[] lanes, int lines, long start, long open, long topOpen, long bottomOpen, long top, long w0, long w1, long w2, long bottom, int x, int above, int lineStep, int missing, int step, int end, int warm, int y, int yLine, int yStep, long factor, long offset, long zero, int high)",
                () =>
                {
                    lines.Add("int from = x + (warm * step);");
                    foreach (int count in LineCounts)
                    {
                        if (count == LineCounts[^1])
                            Loop(lines, count);
                        else
                            lines.Block($"if (lines == {count})", () =>
                            {
                                Loop(lines, count);
                                lines.Add("return;");
                            });
                    }
                });
        });
        return lines.ToString();
    }

    private static void Loop(SourceLines lines, int count)
    {
        string s = $"{count}";
        for (int line = 2; line <= count; line++)
            lines.Add($"int d{line}_{s} = {(line == 2 ? "lineStep" : $"d{line - 1}_{s} + lineStep")};");
        lines.Add($"int below{s} = d{count}_{s} + lineStep - missing;");
        for (int line = 1; line < count; line++)
            lines.Add($"int y{line}_{s} = {(line == 1 ? "yLine" : $"y{line - 1}_{s} + yLine")};");
        for (int line = 0; line < count; line++)
            lines.Add($"long a{line}_{s} = start;");
        lines.Block("while (x != end)", () =>
        {
            lines.Add("long x0 = arena[x + above];");
            lines.Add("long x1 = arena[x];");
            for (int line = 2; line <= count; line++)
                lines.Add($"long x{line} = arena[x + d{line}_{s}];");
            lines.Add($"long x{count + 1} = arena[x + below{s}];");
            for (int line = 0; line < count; line++)
            {
                string open = line == 0 ? "topOpen" : line == count - 1 ? "bottomOpen" : "open";
                lines.Add($"a{line}_{s} = (a{line}_{s} >> PackedWeights.LaneBits) + {open} + (x{line} * {(line == 0 ? "top" : "w0")}) + (x{line + 1} * w1) + (x{line + 2} * {(line == count - 1 ? "bottom" : "w2")});");
            }
            lines.Block("if (x >= from)", () =>
            {
                lines.Add("long sum;");
                lines.Add("int value;");
                for (int line = 0; line < count; line++)
                {
                    lines.Add($"sum = a{line}_{s} & LaneMask;");
                    int index = line;
                    lines.Block("if (sum >= zero)", () =>
                    {
                        lines.Add("value = (int)(((sum * factor) + offset) >> TableRescale.Shift);");
                        lines.Add("if (value > high)");
                        lines.Add("    value = high;");
                        lines.Add($"arena[y{(index == 0 ? "" : $" + y{index}_{s}")}] = (sbyte)value;");
                    });
                }
                lines.Add("y += yStep;");
            });
            lines.Add("x += step;");
        });
        for (int line = 0; line < count; line++)
            lines.Add($"lanes[{line}] = a{line}_{s};");
    }
}
