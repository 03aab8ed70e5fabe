using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>The buffers of one run of a graph. Not thread-safe.</summary>
internal sealed class Workspace
{
    private readonly ModelGraph _graph;
    private readonly Dictionary<Tensor, float[]> _values;
    private readonly (NodeCall Call, FloatKernel Kernel)[] _calls;

    /// <summary>Allocates a buffer for each activation; constants are shared and never written.</summary>
    public Workspace(ModelGraph graph, Dictionary<Tensor, float[]> constants)
    {
        _graph = graph;
        _values = new Dictionary<Tensor, float[]>(constants);
        foreach (Tensor tensor in graph.Tensors())
        {
            if (!tensor.IsConstant)
                _values.Add(tensor, new float[tensor.Shape.ElementCount]);
        }
        _calls = [.. graph.Nodes.Select(node => (Bind(node), FloatKernels.Of(node.Operator)))];
    }

    public float[][] Run(IReadOnlyList<float[]> inputs, ActivationPrecision precision, ActivationObserver? observe)
    {
        CheckInputs(inputs);
        for (int i = 0; i < inputs.Count; i++)
        {
            inputs[i].CopyTo(_values[_graph.Inputs[i].Tensor], 0);
            Finish(_graph.Inputs[i].Tensor, precision, observe);
        }
        foreach ((NodeCall call, FloatKernel kernel) in _calls)
        {
            kernel(call);
            foreach (Tensor output in call.Node.Outputs)
                Finish(output, precision, observe);
        }
        return [.. _graph.Outputs.Select(port => (float[])_values[port.Tensor].Clone())];
    }

    private void Finish(Tensor tensor, ActivationPrecision precision, ActivationObserver? observe)
    {
        float[] values = _values[tensor];
        if (precision == ActivationPrecision.FakeQuantized)
            QuantizeKernels.FakeQuantize(tensor, values);
        observe?.Invoke(tensor, values);
    }

    private NodeCall Bind(Node node) => new(
        node,
        [.. node.Inputs.Select(input => input is null ? null : _values[input])],
        [.. node.Outputs.Select(output => _values[output])]);

    private void CheckInputs(IReadOnlyList<float[]> inputs)
    {
        if (inputs.Count != _graph.Inputs.Count)
        {
            throw new ToolchainException(
                ErrorCodes.ShapeMismatch, $"'{_graph.Name}' has {_graph.Inputs.Count} input(s), the sample has {inputs.Count}.");
        }
        for (int i = 0; i < inputs.Count; i++)
        {
            Shape shape = _graph.Inputs[i].Tensor.Shape;
            if (inputs[i].Length != shape.ElementCount)
            {
                throw new ToolchainException(
                    ErrorCodes.ShapeMismatch,
                    $"Input '{_graph.Inputs[i].Name}' has {shape.ElementCount} elements ({shape}), the sample has {inputs[i].Length}.");
            }
        }
    }
}
