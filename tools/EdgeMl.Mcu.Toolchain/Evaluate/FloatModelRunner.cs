using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Runs a float graph on the float executor.</summary>
public sealed class FloatModelRunner : ModelRunner
{
    private readonly ModelGraph _graph;
    private readonly FloatExecutor _executor;

    /// <summary>Prepares a graph, which must not change afterwards.</summary>
    /// <exception cref="ToolchainException"><c>import.unsupported-operator</c>.</exception>
    public FloatModelRunner(ModelGraph graph)
    {
        _graph = graph;
        _executor = new FloatExecutor(graph);
    }

    /// <inheritdoc/>
    public override string Name => _graph.Name;

    /// <inheritdoc/>
    public override IReadOnlyList<GraphPort> Inputs => _graph.Inputs;

    /// <inheritdoc/>
    public override IReadOnlyList<GraphPort> Outputs => _graph.Outputs;

    /// <inheritdoc/>
    public override bool IsInteger => false;

    /// <inheritdoc/>
    public override IReadOnlyList<Array> Run(IReadOnlyList<Array> inputs)
    {
        var real = new float[inputs.Count][];
        for (int i = 0; i < real.Length; i++)
            real[i] = PortLayout.ToDevice<float>(Inputs[i], SampleValues.ToReals(Inputs[i].Tensor, inputs[i]));
        IReadOnlyList<float[]> results = _executor.Run(real);
        var outputs = new Array[results.Count];
        for (int i = 0; i < outputs.Length; i++)
        {
            float[] source = PortLayout.ToSource<float>(Outputs[i], results[i]);
            outputs[i] = SampleValues.FromReals(Outputs[i].Tensor, new NumericArray(Outputs[i].SourceShape, source), Outputs[i].Name);
        }
        return outputs;
    }
}
