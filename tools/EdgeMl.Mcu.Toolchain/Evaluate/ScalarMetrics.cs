using EdgeMl.Mcu.Toolchain.Data;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Metrics of regression and one-class models.</summary>
public static class ScalarMetrics
{
    /// <summary>Mean of the squared differences.</summary>
    /// <exception cref="ToolchainException"><c>data.sample-count-mismatch</c>: not as many values as targets.</exception>
    public static double MeanSquaredError(float[] values, float[] targets)
    {
        if (values.Length != targets.Length)
            throw new ToolchainException(ErrorCodes.SampleCountMismatch, $"There are {targets.Length} target values for {values.Length} output values.");
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
            sum += ((double)values[i] - targets[i]) * ((double)values[i] - targets[i]);
        return sum / values.Length;
    }

    /// <summary>
    /// Area under the receiver operating characteristic: the probability that a positive sample (label 1) scores higher than a negative one (label 0),
    /// ties counting half (Mann-Whitney U).
    /// </summary>
    /// <exception cref="ToolchainException"><c>data.sample-count-mismatch</c>; <c>data.out-of-range</c> where one class is missing.</exception>
    public static double Auc(double[] scores, int[] labels)
    {
        LabelFile.CheckCount(labels.Length, scores.Length);
        long positives = labels.Sum(label => (long)label);
        long negatives = labels.Length - positives;
        if (positives == 0 || negatives == 0)
            throw new ToolchainException(ErrorCodes.OutOfRange, $"All {labels.Length} labels are {labels[0]}; AUC needs samples of both classes, 0 and 1.");
        var sortedScores = (double[])scores.Clone();
        var sortedLabels = (int[])labels.Clone();
        Array.Sort(sortedScores, sortedLabels);
        double rankSum = 0;
        for (int start = 0, end; start < sortedScores.Length; start = end)
        {
            long positivesHere = 0;
            for (end = start; end < sortedScores.Length && sortedScores[end].Equals(sortedScores[start]); end++)
                positivesHere += sortedLabels[end];
            rankSum += positivesHere * ((start + 1 + end) / 2.0);
        }
        return (rankSum - positives * (positives + 1) / 2.0) / ((double)positives * negatives);
    }

    /// <summary>
    /// How anomalous, or how positive, each sample is: a single output is the score itself, of two the second, and an output as large as the input is
    /// a reconstruction whose mean squared error is the score.
    /// </summary>
    /// <exception cref="ToolchainException"><c>data.shape-mismatch</c> for other outputs.</exception>
    public static double[] Scores(SampleSet input, SampleSet output)
    {
        int elements = output.ElementsPerSample;
        if (elements > 2 && elements != input.ElementsPerSample)
        {
            throw new ToolchainException(ErrorCodes.ShapeMismatch,
                $"The output '{output.Port.Name}' has {elements} elements; AUC needs one score, two classes or a reconstruction of the input ({input.ElementsPerSample}).");
        }
        float[] given = input.Reals();
        float[] values = output.Reals();
        var scores = new double[output.Count];
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = elements <= 2
                ? values[i * elements + elements - 1]
                : MeanSquaredError(values[(i * elements)..((i + 1) * elements)], given[(i * elements)..((i + 1) * elements)]);
        }
        return scores;
    }
}
