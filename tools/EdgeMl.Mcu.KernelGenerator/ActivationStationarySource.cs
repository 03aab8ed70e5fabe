namespace EdgeMl.Mcu.KernelGenerator;

/// <summary>
/// Writes the inner loop of <c>PackedPositions</c>: the activations of a few positions stay in locals, three positions to a word, while the loop runs over output
/// channels and reads their weights in place.
/// </summary>
internal static class ActivationStationarySource
{
    private const int Taps = 16;
    private const int Words = 3;

    /// <summary>The file.</summary>
    public static string Text()
    {
        SourceLines lines = SourceLines.Begin("EdgeMl.Mcu.Runtime.Packed");
        lines.Add("/// <summary>Multiplies channels with a block of packed activations that stay in locals.</summary>");
        lines.Block("public static class ActivationStationary", () =>
        {
            lines.Constant("Taps", Taps, "Taps of a block.");
            lines.Constant("Words", Words, "Words of three positions each.");
            lines.Constant("Pool", Taps * Words, "Words that the activations of a block take at the beginning of the lanes.");
            lines.Add("/// <summary>Adds to the accumulators of every channel the products of its weights with the activations in the pool, word <c>three positions * taps + tap</c>.</summary>");
            lines.Add("/// <param name=\"weights\">int8 weights.</param>");
            lines.Add("/// <param name=\"lanes\">Activations, and accumulators.</param>");
            lines.Add("/// <param name=\"w\">Where the first channel's first weight of the block stands.</param>");
            lines.Add("/// <param name=\"pitch\">Bytes from one channel to the next, at least 1.</param>");
            lines.Add("/// <param name=\"channels\">Channels, at least 1.</param>");
            lines.Add("/// <param name=\"q\">Word of the first accumulator.</param>");
            lines.Block("public static void Run(byte[] weights, long[] lanes, int w, int pitch, int channels, int q)", () =>
            {
                foreach (int[] row in Enumerable.Range(0, Taps * Words).Chunk(8))
                    lines.Add(string.Join(' ', row.Select(i => $"long x{i} = lanes[{i}];")));
                lines.Add("int end = w + (channels * pitch);");
                lines.Block("do", Channel(lines));
                lines.Add("while (w != end);");
            });
        });
        return lines.ToString();
    }

    private static Action Channel(SourceLines lines) => () =>
    {
        foreach (int[] row in Enumerable.Range(0, Taps).Chunk(8))
            lines.Add(string.Join(' ', row.Select(i => $"long w{i} = (sbyte)weights[{SourceLines.Index("w", i)}];")));
        for (int j = 0; j < Words; j++)
            lines.List($"lanes[{SourceLines.Index("q", j)}] += ", Enumerable.Range(0, Taps).Select(i => $"(x{(j * Taps) + i} * w{i})"), " + ", "+ ", "", ";");
        lines.Add("w += pitch;");
        lines.Add($"q += {Words};");
    };
}
