using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>The activations of many samples while a graph is run node by node: those that later nodes or the outputs need.</summary>
internal sealed class SampleStates
{
    private readonly ModelGraph _graph;
    private readonly float[][][] _inputs;
    private readonly ActivationPrecision _precision;
    private readonly Dictionary<Tensor, int> _lastReader = [];
    private readonly Dictionary<Tensor, float[][]> _values = [];

    private SampleStates(ModelGraph graph, float[][][] inputs, ActivationPrecision precision)
    {
        _graph = graph;
        _inputs = inputs;
        _precision = precision;
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            foreach (Tensor tensor in graph.Nodes[i].Inputs.OfType<Tensor>())
                _lastReader[tensor] = i;
        }
        for (int i = 0; i < graph.Inputs.Count; i++)
            _values[graph.Inputs[i].Tensor] = inputs[i];
    }

    /// <summary>The state before the first node.</summary>
    public static SampleStates Start(ModelGraph graph, IReadOnlyList<float[][]> samples, ActivationPrecision precision) =>
        new(graph, [.. graph.Inputs.Select((_, i) => samples.Select(sample => sample[i]).ToArray())], precision);

    /// <summary>The state before the first node of a graph with the same inputs.</summary>
    public SampleStates StartLike(ModelGraph graph) => new(graph, _inputs, _precision);

    /// <summary>Most elements that a sample needs at any time, outputs of a node beside what lives on.</summary>
    public static long PeakElements(ModelGraph graph)
    {
        var states = new SampleStates(graph, [.. graph.Inputs.Select(_ => Array.Empty<float[]>())], ActivationPrecision.Real);
        long peak = 0;
        while (states.Next < graph.Nodes.Count)
        {
            foreach (Tensor output in graph.Nodes[states.Next].Outputs)
                states._values[output] = [];
            peak = Math.Max(peak, states._values.Keys.Sum(tensor => (long)tensor.Shape.ElementCount));
            states.Leave();
        }
        return peak;
    }

    /// <summary>Number of samples.</summary>
    public int SampleCount => _inputs[0].Length;

    /// <summary>Index of the node that runs next.</summary>
    public int Next { get; private set; }

    /// <summary>An activation of all samples.</summary>
    public float[][] Values(Tensor tensor) => _values[tensor];

    /// <summary>Runs the next node for all samples.</summary>
    public void Advance(CancellationToken cancellation)
    {
        ModelGraph section = GraphSections.Slice(_graph, Next, Next + 1);
        var executor = new FloatExecutor(section, _precision);
        float[][][] inputs = [.. section.Inputs.Select(port => _values[port.Tensor])];
        float[][][] outputs = [.. section.Outputs.Select(_ => new float[SampleCount][])];
        Parallels.For(SampleCount, sample =>
        {
            IReadOnlyList<float[]> results = executor.Run([.. inputs.Select(values => values[sample])]);
            for (int i = 0; i < outputs.Length; i++)
                outputs[i][sample] = results[i];
        }, cancellation);
        for (int i = 0; i < outputs.Length; i++)
            _values[section.Outputs[i].Tensor] = outputs[i];
        Leave();
    }

    /// <summary>Skips the next node: its outputs are those of another graph's node, with the same activations.</summary>
    public void Adopt(SampleStates other, Node node, Node otherNode)
    {
        for (int i = 0; i < node.Outputs.Count; i++)
        {
            if (other._values.TryGetValue(otherNode.Outputs[i], out float[][]? values))
                _values[node.Outputs[i]] = values;
        }
        Leave();
    }

    private void Leave()
    {
        foreach (Tensor tensor in _values.Keys.Where(tensor => _lastReader.GetValueOrDefault(tensor, -1) == Next && !_graph.IsOutput(tensor)).ToArray())
            _values.Remove(tensor);
        Next++;
    }
}
