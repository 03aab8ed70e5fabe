namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>How much the outputs of a graph differ from those of the original one.</summary>
internal static class OutputNoise
{
    /// <summary>
    /// Mean square of the differences over the variance of the original outputs: 0 for equal ones, about 1 for outputs that say nothing about the input any more.
    /// Each output of the graph counts alike.
    /// </summary>
    /// <param name="original">Outputs of each sample.</param>
    /// <param name="actual">Outputs of the same samples.</param>
    public static double Ratio(IReadOnlyList<float[]>[] original, IReadOnlyList<float[]>[] actual) =>
        Enumerable.Range(0, original[0].Count).Average(output => Ratio(original, actual, output));

    /// <summary>A ratio of noise in dB: <c>-10 log10 ratio</c>; null without noise and where it is not a number.</summary>
    public static double? Decibels(double ratio) => ratio > 0 && double.IsFinite(ratio) ? -10 * Math.Log10(ratio) : null;

    private static double Ratio(IReadOnlyList<float[]>[] original, IReadOnlyList<float[]>[] actual, int output)
    {
        // The variance of each element over the samples; outputs that never change count by their size.
        int elements = original[0][output].Length;
        var sums = new double[elements];
        double squares = 0, noise = 0;
        for (int sample = 0; sample < original.Length; sample++)
        {
            for (int i = 0; i < elements; i++)
            {
                double value = original[sample][output][i], difference = value - actual[sample][output][i];
                sums[i] += value;
                squares += value * value;
                noise += difference * difference;
            }
        }
        double variance = squares - sums.Sum(sum => sum * sum) / original.Length;
        double signal = variance > 1e-9 * squares ? variance : squares;
        return noise == 0 ? 0 : noise / signal;
    }
}
