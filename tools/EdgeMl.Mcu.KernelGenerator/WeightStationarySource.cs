namespace EdgeMl.Mcu.KernelGenerator;

/// <summary>
/// Writes the inner loops of <c>PackedConv2D</c>: all packed weights of a block of taps and output channels stay in arguments and locals while the
/// loop runs over positions. A method has at most 255 locals, but arguments count apart, so that both together hold one pool of weights.
/// </summary>
internal static class WeightStationarySource
{
    private const int Pool = 352;
    private const int Arguments = 152;
    private const int DeepTaps = 48;
    private const int DeepTriples = 6;
    private const int WideTaps = 32;
    private const int WideTriples = 11;
    private const int RestTaps = 16;
    private const int LeastTaps = 12;

    /// <summary>Numbers of triples after which a loop may go on to the next position.</summary>
    private static readonly int[] Steps = [3, 6, 8, 11];

    /// <summary>The file.</summary>
    public static string Text()
    {
        SourceLines lines = SourceLines.Begin("EdgeMl.Mcu.Runtime.Packed");
        lines.Add("/// <summary>Multiplies positions with a block of packed weights that stay in arguments and locals.</summary>");
        lines.Block("public static class WeightStationary", () =>
        {
            lines.Constant("Pool", Pool, "Words that the weights of a block take at the beginning of the lanes.");
            lines.Constant("DeepTaps", DeepTaps, "Taps of a full block in the shape with many taps.");
            lines.Constant("DeepTriples", DeepTriples, "Most groups of three output channels in the shape with many taps.");
            lines.Constant("WideTaps", WideTaps, "Taps of a full block in the shape with many outputs.");
            lines.Constant("WideTriples", WideTriples, "Most groups of three output channels in the shape with many outputs.");
            lines.Constant("RestTaps", RestTaps, "Taps of a block for what full ones leave.");
            lines.Constant("LeastTaps", LeastTaps, "Taps of the smallest block.");
            Triples(lines);
            lines.Add("");
            Run(lines);
            lines.Add("");
            Multiply(lines);
        });
        return lines.ToString();
    }

    private static void Triples(SourceLines lines)
    {
        lines.Add("/// <summary>The least number of groups of three output channels, of those that the loops know, that holds some channels; the greatest one where none does.</summary>");
        lines.Block("public static int TriplesFor(int channels, int most)", () =>
        {
            foreach (int step in Steps.SkipLast(1))
            {
                lines.Add($"if (channels <= {3 * step} || most == {step})");
                lines.Add($"    return {step};");
            }
            lines.Add($"return {Steps[^1]};");
        });
    }

    private static void Run(SourceLines lines)
    {
        lines.Add("/// <summary>Adds to the accumulators of every position the products of its activations with the weights in the pool, word <c>triple * taps + tap</c>.</summary>");
        lines.Add("/// <param name=\"arena\">Activations.</param>");
        lines.Add("/// <param name=\"lanes\">Weights, and accumulators, one for each position and triple.</param>");
        lines.Add("/// <param name=\"taps\">Taps of the block.</param>");
        lines.Add("/// <param name=\"triples\">Groups of three output channels, of <see cref=\"TriplesFor\"/>.</param>");
        lines.Add("/// <param name=\"row\">Where the first position's activations begin.</param>");
        lines.Add("/// <param name=\"step\">Bytes from one position to the next, at least 1.</param>");
        lines.Add("/// <param name=\"columns\">Positions of a row, at least 1.</param>");
        lines.Add("/// <param name=\"rows\">Rows, at least 1.</param>");
        lines.Add("/// <param name=\"rowStep\">Bytes from one row to the next.</param>");
        lines.Add("/// <param name=\"q\">Word of the first accumulator.</param>");
        lines.Block("public static void Run(sbyte[] arena, long[] lanes, int taps, int triples, int row, int step, int columns, int rows, int rowStep, int q)", () =>
        {
            lines.Add("Multiply(");
            lines.Add("    arena, lanes, taps, triples, row, step, columns, rows, rowStep, q,");
            lines.List("    ", Range(0, Arguments).Select(i => $"lanes[{i}]"), ", ", "", ",", ");");
        });
    }

    private static void Multiply(SourceLines lines)
    {
        lines.Add("private static void Multiply(");
        lines.Add("    sbyte[] arena, long[] lanes, int taps, int triples, int row, int step, int columns, int rows, int rowStep, int q,");
        lines.List("    ", Range(0, Arguments).Select(i => $"long w{i}"), ", ", "", ",", ")");
        lines.Block("", () =>
        {
            lines.Add("int p;");
            lines.Add("int end;");
            lines.List("long ", Range(0, DeepTaps).Select(i => $"x{i}"), ", ", " ", ",", ";");
            Load(lines, Arguments, RestTaps * WideTriples);
            Choose(lines, $"taps > {RestTaps}", () =>
            {
                Load(lines, RestTaps * WideTriples, Pool);
                Choose(lines, $"taps == {DeepTaps}", () => Loop(lines, DeepTaps, DeepTriples), () => Loop(lines, WideTaps, WideTriples));
            }, () => Choose(lines, $"taps == {RestTaps}", () => Loop(lines, RestTaps, WideTriples), () => Loop(lines, LeastTaps, WideTriples)));
        });
    }

    private static void Choose(SourceLines lines, string condition, Action then, Action otherwise)
    {
        lines.Block($"if ({condition})", then);
        lines.Block("else", otherwise);
    }

    private static void Load(SourceLines lines, int first, int end)
    {
        foreach (int[] row in Range(first, end).Chunk(8))
            lines.Add(string.Join(' ', row.Select(i => $"long w{i} = lanes[{i}];")));
    }

    private static void Loop(SourceLines lines, int taps, int triples)
    {
        lines.Block("do", () => Row(lines, taps, triples));
        lines.Add("while (rows != 0);");
    }

    private static void Row(SourceLines lines, int taps, int triples)
    {
        lines.Add("p = row;");
        lines.Add("end = row + (columns * step);");
        lines.Block("do", () =>
        {
            foreach (int[] row in Range(0, taps).Chunk(8))
                lines.Add(string.Join(' ', row.Select(i => $"x{i} = arena[{SourceLines.Index("p", i)}];")));
            Accumulate(lines, taps, triples, 0);
            lines.Add("p += step;");
            lines.Add("q += triples;");
        });
        lines.Add("while (p != end);");
        lines.Add("row += rowStep;");
        lines.Add("rows--;");
    }

    private static void Accumulate(SourceLines lines, int taps, int triples, int step)
    {
        for (int j = step == 0 ? 0 : Steps[step - 1]; j < Steps[step]; j++)
            lines.List($"lanes[{SourceLines.Index("q", j)}] += ", Range(0, taps).Select(i => $"(x{i} * w{(j * taps) + i})"), " + ", "+ ", "", ";");
        if (Steps[step] < triples)
            lines.Block($"if (triples > {Steps[step]})", () => Accumulate(lines, taps, triples, step + 1));
    }

    private static IEnumerable<int> Range(int first, int end) => Enumerable.Range(first, end - first);
}
