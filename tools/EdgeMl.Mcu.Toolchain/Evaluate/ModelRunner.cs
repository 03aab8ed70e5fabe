using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>A model that takes samples and gives outputs, whatever runs it. Thread-safe.</summary>
public abstract class ModelRunner
{
    /// <summary>Name of the model, for reports.</summary>
    public abstract string Name { get; }

    /// <summary>Inputs in the source model's order, with the source model's types and layouts.</summary>
    public abstract IReadOnlyList<GraphPort> Inputs { get; }

    /// <summary>Outputs in the source model's order, with the source model's types and layouts.</summary>
    public abstract IReadOnlyList<GraphPort> Outputs { get; }

    /// <summary>Whether the arithmetic is integer, so that equal inputs give equal outputs on every engine, bit for bit.</summary>
    public abstract bool IsInteger { get; }

    /// <summary>Whether samples depend on those before them, so that they are run one after another.</summary>
    protected virtual bool IsSequential => false;

    /// <summary>Runs one sample.</summary>
    /// <param name="inputs">For each input an array of its type, in its source layout.</param>
    /// <returns>For each output a new array of its type, in its source layout.</returns>
    public abstract IReadOnlyList<Array> Run(IReadOnlyList<Array> inputs);

    /// <summary>Runs samples on all cores, or one after another where each depends on those before.</summary>
    /// <param name="inputs">For each input as many samples.</param>
    /// <param name="completed">Called after each sample, by any thread.</param>
    /// <param name="cancellation">Stops between samples.</param>
    /// <returns>For each output as many samples.</returns>
    /// <exception cref="ToolchainException"><c>data.sample-count-mismatch</c>.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public SampleSet[] RunAll(IReadOnlyList<SampleSet> inputs, Action? completed = null, CancellationToken cancellation = default)
    {
        CheckCounts(inputs);
        int count = inputs[0].Count;
        SampleSet[] outputs = [.. Outputs.Select(port => SampleSet.Zeros(port, count))];
        if (!IsSequential)
            Parallels.For(count, RunSample, cancellation);
        for (int sample = 0; sample < count && IsSequential; sample++)
        {
            cancellation.ThrowIfCancellationRequested();
            RunSample(sample);
        }
        return outputs;

        void RunSample(int sample)
        {
            IReadOnlyList<Array> results = Run([.. inputs.Select(input => input.Sample(sample))]);
            for (int i = 0; i < outputs.Length; i++)
                outputs[i].SetSample(sample, results[i]);
            completed?.Invoke();
        }
    }

    /// <summary>Checks that every input has the same number of samples.</summary>
    /// <exception cref="ToolchainException"><c>data.sample-count-mismatch</c>.</exception>
    public static void CheckCounts(IReadOnlyList<SampleSet> inputs)
    {
        SampleSet first = inputs[0];
        SampleSet? other = inputs.FirstOrDefault(input => input.Count != first.Count);
        if (other is not null)
        {
            throw new ToolchainException(ErrorCodes.SampleCountMismatch,
                $"Input '{first.Port.Name}' has {first.Count} samples and '{other.Port.Name}' {other.Count}.", "Every input needs the same number of samples.");
        }
    }
}
