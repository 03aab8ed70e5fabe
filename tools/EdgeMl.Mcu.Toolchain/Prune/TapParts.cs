namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>
/// The taps of layers with very many are divided into consecutive parts that make up for their own zeros only: what depends on each other most are neighbours, and
/// the work grows with the cube of a part.
/// </summary>
internal static class TapParts
{
    private const int TapsMax = 1024;

    /// <summary>The parts, equal in size within one tap.</summary>
    public static Range[] Of(int taps)
    {
        int count = (taps + TapsMax - 1) / TapsMax;
        return [.. Enumerable.Range(0, count).Select(i => (int)((long)taps * i / count)..(int)((long)taps * (i + 1) / count))];
    }

    /// <summary>A part's block on the diagonal of a square matrix, row-major, in a new array.</summary>
    public static double[] Block(double[] matrix, Range part)
    {
        int taps = (int)Math.Sqrt(matrix.Length);
        (int first, int count) = part.GetOffsetAndLength(taps);
        var block = new double[count * count];
        for (int i = 0; i < count; i++)
            Array.Copy(matrix, ((first + i) * taps) + first, block, i * count, count);
        return block;
    }
}
