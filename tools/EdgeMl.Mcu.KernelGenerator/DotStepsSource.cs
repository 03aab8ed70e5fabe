using System.Text;

namespace EdgeMl.Mcu.KernelGenerator;

/// <summary>
/// The inner loops of fully connected layers with one row: the inputs stay in locals while the rows of weights go by. A row may end after any of a few numbers of terms; it jumps
/// to the last piece that it has and falls through to the first one.
/// </summary>
internal sealed class DotStepsSource
{
    private const int Terms = 128;

    private readonly string _name;
    private readonly string _summary;
    private readonly int[] _ends;
    private readonly bool _packed;

    private DotStepsSource(string name, string summary, int[] ends, bool packed)
    {
        _name = name;
        _summary = summary;
        _ends = ends;
        _packed = packed;
    }

    /// <summary>One weight a byte.</summary>
    public static string Bytes() =>
        new DotStepsSource("ByteDotSteps", "<see cref=\"ByteRowFullyConnected\"/>: one weight a term", [16, 32, 64, 96, Terms], packed: false).Write();

    /// <summary>Three weights a long. Pieces end where 16, 32, 64 … 384 weights do.</summary>
    public static string Packed() =>
        new DotStepsSource("PackedDotSteps", "<see cref=\"PackedRowFullyConnected\"/>: three weights a term", [6, 11, 22, 43, 64, 86, 107, Terms], packed: true).Write();

    private string Write()
    {
        string input = _packed ? "long" : "int";
        var text = new StringBuilder(SourceLines.Begin("EdgeMl.Mcu.Runtime.Packed").ToString()).Append($$"""
            /// <summary>The inner loop of {{_summary}}.</summary>
            internal static class {{_name}}
            {
                /// <summary>Most terms of a sum.</summary>
                public const int TermsMax = {{Terms}};

                /// <summary>Which number of terms, counted from 0, a sum of <paramref name="terms"/> needs.</summary>
                public static int Size(int terms)
                {

            """);
        for (int i = 0; i < _ends.Length - 1; i++)
            text.Append($"        if (terms <= {_ends[i]})\n            return {i};\n");
        text.Append($$"""
                    return {{_ends.Length - 1}};
                }

                /// <summary>Terms of a size.</summary>
                public static int Terms(int size)
                {

            """);
        for (int i = 0; i < _ends.Length - 1; i++)
            text.Append($"        if (size == {i})\n            return {_ends[i]};\n");
        text.Append($$"""
                    return TermsMax;
                }


            """);
        text.Append(_packed
            ? """
                  /// <summary>Adds the product of each row of weights with the inputs to that row's sum.</summary>
                  /// <param name="x">Packed inputs, <see cref="TermsMax"/> of them.</param>
                  /// <param name="rows">Rows of packed weights, as long as the size says.</param>
                  /// <param name="row">First row.</param>
                  /// <param name="sums">Sums.</param>
                  /// <param name="n">Place of the first sum.</param>
                  /// <param name="end">One past the place of the last.</param>
                  /// <param name="size">See <see cref="Size"/>.</param>
                  public static void Run(long[] x, long[][] rows, int row, long[] sums, int n, int end, int size)
                  {

              """
            : """
                  /// <summary>Adds the product of each row of weights, bytes without sign, with the inputs to that row's sum.</summary>
                  /// <param name="arena">Holds the inputs, <see cref="TermsMax"/> of them; 0 where there is none.</param>
                  /// <param name="input">The first input.</param>
                  /// <param name="weights">Holds the weights.</param>
                  /// <param name="w">The first row's first weight.</param>
                  /// <param name="step">Bytes from one row to the next.</param>
                  /// <param name="count">Weights of a row, not more than its size has terms.</param>
                  /// <param name="row">Takes one row; <see cref="TermsMax"/> bytes.</param>
                  /// <param name="sums">Sums.</param>
                  /// <param name="end">One past the last row; rows count from 0.</param>
                  /// <param name="size">See <see cref="Size"/>.</param>
                  /// <returns>The sum of the inputs.</returns>
                  public static int Run(sbyte[] arena, int input, byte[] weights, int w, int step, int count, byte[] row, long[] sums, int end, int size)
                  {

              """);
        for (int i = 0; i < Terms; i++)
            text.Append(_packed ? $"        long x{i} = x[{i}];\n" : $"        {input} x{i} = arena[input + {i}];\n");
        text.Append(_packed
            ? "        for (; n < end; n++)\n        {\n            long[] w = rows[row++];\n            long acc = PackedRowFullyConnected.LaneBias;\n"
            : "        for (int n = 0; n < end; n++)\n        {\n            System.Array.Copy(weights, w, row, 0, count);\n            w += step;\n            int acc = 0;\n");
        text.Append("            switch (size)\n            {\n");
        for (int i = _ends.Length - 1; i >= 0; i--)
        {
            int first = i == 0 ? 0 : _ends[i - 1];
            text.Append($"                {(i == _ends.Length - 1 ? "default" : $"case {i}")}:\n");
            text.Append($"                    acc += {string.Join("\n                        + ", Enumerable.Range(first, _ends[i] - first).Select(Term).Chunk(8).Select(line => string.Join(" + ", line)))};\n");
            text.Append(i == 0 ? "                    break;\n" : $"                    goto case {i - 1};\n");
        }
        text.Append("            }\n");
        text.Append(_packed ? "            sums[n] += (acc << 1) >> (64 - PackedWeights.LaneBits);\n" : "            sums[n] += acc;\n");
        text.Append("        }\n");
        if (!_packed)
            text.Append($"        return {string.Join("\n            + ", Enumerable.Range(0, Terms).Select(i => $"x{i}").Chunk(16).Select(line => string.Join(" + ", line)))};\n");
        return text.Append("    }\n}\n").ToString();
    }

    private string Term(int i) => _packed ? $"(x{i} * w[{i}])" : $"(x{i} * row[{i}])";
}
