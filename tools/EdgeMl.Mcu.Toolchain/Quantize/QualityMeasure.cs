using System.Collections.Concurrent;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>Measures int8 graphs against a float graph on samples, with the device's own arithmetic.</summary>
internal sealed class QualityMeasure
{
    private readonly IReadOnlyList<float[][]> _samples;
    private readonly IReadOnlyList<float[]>[] _real;
    private readonly int[]? _labels;
    private readonly bool _hasClasses;

    /// <param name="graph">The float graph.</param>
    /// <param name="samples">Samples to measure on.</param>
    /// <param name="labels">The class of each sample, or null.</param>
    /// <param name="cancellation">Stops between samples.</param>
    public QualityMeasure(ModelGraph graph, IReadOnlyList<float[][]> samples, int[]? labels, CancellationToken cancellation)
    {
        _samples = samples;
        _labels = labels;
        _real = new FloatExecutor(graph).RunBatch(samples, cancellation);
        _hasClasses = graph.Outputs[0].Tensor.Shape.ElementCount > 1;
    }

    /// <summary>Runs all samples.</summary>
    /// <param name="quantized">An int8 graph with the inputs and outputs of the float graph.</param>
    /// <param name="completed">Called after each sample, by any thread.</param>
    /// <param name="cancellation">Stops between samples.</param>
    /// <exception cref="ToolchainException">The device cannot run the graph.</exception>
    public MeasuredQuality Of(ModelGraph quantized, Action? completed, CancellationToken cancellation)
    {
        Interpreter first = EmlmCompiler.Instantiate(AsInt8(quantized));
        var idle = new ConcurrentBag<Interpreter>([first]);
        var signal = new double[_samples.Count];
        var noise = new double[_samples.Count];
        var agrees = new bool[_samples.Count];
        var correct = new bool[_samples.Count];
        Parallel.For(0, _samples.Count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation }, sample =>
        {
            if (!idle.TryTake(out Interpreter? interpreter))
                interpreter = new Interpreter(first.Model);
            for (int i = 0; i < _samples[sample].Length; i++)
                interpreter.SetInput(i, _samples[sample][i]);
            interpreter.ResetState();
            interpreter.Invoke();
            for (int i = 0; i < _real[sample].Count; i++)
            {
                float[] real = _real[sample][i];
                var values = new float[real.Length];
                interpreter.GetOutput(i, values);
                if (i == 0 && _hasClasses)
                {
                    int predicted = TensorPrimitives.IndexOfMax<float>(values);
                    agrees[sample] = predicted == TensorPrimitives.IndexOfMax<float>(real);
                    correct[sample] = _labels is not null && predicted == _labels[sample];
                }
                TensorPrimitives.Subtract(real, values, values);
                signal[sample] += TensorPrimitives.SumOfSquares<float>(real);
                noise[sample] += TensorPrimitives.SumOfSquares<float>(values);
            }
            idle.Add(interpreter);
            completed?.Invoke();
        });
        return Summarise(signal.Sum(), noise.Sum(), agrees, correct);
    }

    private MeasuredQuality Summarise(double signal, double noise, bool[] agrees, bool[] correct)
    {
        double decibels = 10 * Math.Log10(signal / noise);
        double count = _samples.Count;
        bool hasAccuracy = _labels is not null && _hasClasses;
        var quality = new QuantizationQuality(
            _samples.Count,
            hasAccuracy ? correct.Count(value => value) / count : null,
            hasAccuracy ? _real.Where((outputs, i) => TensorPrimitives.IndexOfMax<float>(outputs[0]) == _labels![i]).Count() / count : null,
            _hasClasses ? agrees.Count(value => value) / count : null,
            double.IsFinite(decibels) ? decibels : null);
        return new MeasuredQuality(quality, signal == 0 ? 0 : noise / signal, hasAccuracy ? correct : null, _hasClasses ? agrees : null);
    }

    /// <summary>The same integers without packing, which the host's vector kernels run.</summary>
    private static ModelGraph AsInt8(ModelGraph quantized)
    {
        if (!quantized.Tensors().Any(tensor => tensor.Type == ElementType.Int4))
            return quantized;
        ModelGraph copy = quantized.Copy();
        foreach (Tensor tensor in copy.Tensors().Where(tensor => tensor.Type == ElementType.Int4))
            tensor.Type = ElementType.Int8;
        return copy;
    }
}
