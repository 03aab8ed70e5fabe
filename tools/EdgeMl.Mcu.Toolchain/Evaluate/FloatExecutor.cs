using System.Collections.Concurrent;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Which values an activation can take in a float run.</summary>
public enum ActivationPrecision
{
    /// <summary>Real float32 values; only Quantize nodes round.</summary>
    Real,

    /// <summary>
    /// Every activation with a quantisation is rounded and clamped to it, graph inputs included: how an int8 model would do
    /// without the rounding of its fixed-point multipliers.
    /// </summary>
    FakeQuantized,
}

/// <summary>Sees an activation's values (row-major, the graph's layout). The span is valid during the call only.</summary>
public delegate void ActivationObserver(Tensor tensor, ReadOnlySpan<float> values);

/// <summary>Sees an activation's values of one sample of a batch.</summary>
public delegate void BatchActivationObserver(int sample, Tensor tensor, ReadOnlySpan<float> values);

/// <summary>
/// Runs a graph in float32, one sample at a time. Semantics are those of the TFLite float reference kernels. Quantised constants are
/// dequantised. Thread-safe; buffers are reused between samples. The graph must not change while an executor uses it.
/// </summary>
public sealed class FloatExecutor
{
    private readonly ModelGraph _graph;
    private readonly ActivationPrecision _precision;
    private readonly Dictionary<Tensor, float[]> _constants;
    private readonly ConcurrentBag<Workspace> _idle = [];

    /// <summary>Prepares a graph.</summary>
    /// <exception cref="ToolchainException"><see cref="ErrorCodes.UnsupportedOperator"/>, with all nodes that have no kernel.</exception>
    public FloatExecutor(ModelGraph graph, ActivationPrecision precision = ActivationPrecision.Real)
    {
        FloatKernels.CheckSupported(graph.Nodes);
        _graph = graph;
        _precision = precision;
        _constants = graph.Tensors().Where(tensor => tensor.IsConstant).ToDictionary(tensor => tensor, tensor => tensor.Reals());
    }

    /// <summary>Runs one sample.</summary>
    /// <param name="inputs">Real values of each graph input in the graph's layout, row-major.</param>
    /// <param name="observe">Called with every activation, inputs first, in the order of execution.</param>
    /// <returns>Real values of each graph output in the graph's layout, in new arrays.</returns>
    /// <exception cref="ToolchainException"><see cref="ErrorCodes.ShapeMismatch"/>.</exception>
    public IReadOnlyList<float[]> Run(IReadOnlyList<float[]> inputs, ActivationObserver? observe = null)
    {
        if (!_idle.TryTake(out Workspace? workspace))
            workspace = new Workspace(_graph, _constants);
        try
        {
            return workspace.Run(inputs, _precision, observe);
        }
        finally
        {
            _idle.Add(workspace);
        }
    }

    /// <summary>Runs many samples on all cores.</summary>
    /// <param name="samples">The inputs of each sample.</param>
    /// <param name="cancellation">Stops between samples.</param>
    /// <returns>The outputs of each sample, in the order of the samples.</returns>
    /// <exception cref="ToolchainException"><see cref="ErrorCodes.ShapeMismatch"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyList<float[]>[] RunBatch(IReadOnlyList<float[][]> samples, CancellationToken cancellation = default)
    {
        var outputs = new IReadOnlyList<float[]>[samples.Count];
        ForEach(samples.Count, () => true, (_, sample) => outputs[sample] = Run(samples[sample]), cancellation);
        return outputs;
    }

    /// <summary>Runs many samples on all cores for what their activations show.</summary>
    /// <param name="samples">The inputs of each sample.</param>
    /// <param name="createObserver">Called once for each worker: an observer is never called by two threads at once.</param>
    /// <param name="completed">Called after each sample, by any worker.</param>
    /// <param name="cancellation">Stops between samples.</param>
    /// <exception cref="ToolchainException"><see cref="ErrorCodes.ShapeMismatch"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void ObserveBatch(
        IReadOnlyList<float[][]> samples, Func<BatchActivationObserver> createObserver,
        Action? completed = null, CancellationToken cancellation = default)
    {
        ForEach(samples.Count, createObserver, Observe, cancellation);

        void Observe(BatchActivationObserver observer, int sample)
        {
            Run(samples[sample], (tensor, values) => observer(sample, tensor, values));
            completed?.Invoke();
        }
    }

    private static void ForEach<TState>(int count, Func<TState> createState, Action<TState, int> body, CancellationToken cancellation)
    {
        var states = new ConcurrentBag<TState>();
        Parallels.Run(options => Parallel.For(
            0, count, options,
            () => states.TryTake(out TState? state) ? state : createState(),
            (sample, _, state) =>
            {
                body(state, sample);
                return state;
            },
            states.Add), cancellation);
    }
}
