using EdgeMl.Mcu.Toolchain.Data;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>How often a classifier is right.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Accuracy">Share of the samples that are right, 0..1.</param>
/// <param name="Correct">Number of samples that are right.</param>
/// <param name="Total">Number of samples.</param>
/// <param name="Confusion">Number of samples by true class (row) and predicted class (column).</param>
public sealed record AccuracyReport(string Model, double Accuracy, int Correct, int Total, int[][] Confusion)
{
    /// <summary>Counts predictions.</summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="predictions">Predicted class of each sample.</param>
    /// <param name="labels">True class of each sample.</param>
    /// <param name="classes">Number of classes; all labels and predictions are below.</param>
    /// <exception cref="ToolchainException"><c>data.sample-count-mismatch</c>.</exception>
    public static AccuracyReport Of(string model, int[] predictions, int[] labels, int classes)
    {
        LabelFile.CheckCount(labels.Length, predictions.Length);
        var confusion = new int[classes][];
        for (int i = 0; i < classes; i++)
            confusion[i] = new int[classes];
        int correct = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            confusion[labels[i]][predictions[i]]++;
            if (labels[i] == predictions[i])
                correct++;
        }
        return new AccuracyReport(model, (double)correct / labels.Length, correct, labels.Length, confusion);
    }
}

/// <summary>Classes from scores.</summary>
public static class Classification
{
    /// <summary>The class of each sample: the index of its largest value, the lowest of equal ones. NaN is never the largest.</summary>
    public static int[] Predictions(SampleSet scores)
    {
        var predictions = new int[scores.Count];
        for (int sample = 0; sample < predictions.Length; sample++)
            predictions[sample] = ArgMax(new NumericArray(scores.Port.SourceShape, scores.Sample(sample)).ToDoubles());
        return predictions;
    }

    /// <summary>The index of the largest value, the lowest of equal ones. NaN is never the largest.</summary>
    public static int ArgMax(double[] values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best] || (double.IsNaN(values[best]) && !double.IsNaN(values[i])))
                best = i;
        }
        return best;
    }
}
