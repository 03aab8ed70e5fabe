using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>Which activations of a graph must have the same quantisation, and where a requantisation is needed so that they can differ.</summary>
internal sealed class ScaleGroups
{
    private readonly ModelGraph _graph;
    private readonly Dictionary<Tensor, Tensor> _parents = [];
    private readonly Dictionary<Tensor, Quantization> _fixed = [];
    private readonly HashSet<(Node Node, int Input)> _requantized = [];

    public ScaleGroups(ModelGraph graph)
    {
        _graph = graph;
        foreach (Node node in graph.Nodes)
        {
            switch (OperatorRules.Of(node.Operator))
            {
                case ScaleRule.Fixed:
                    _fixed[Root(node.Output)] = OperatorRules.FixedOutput(node.Operator);
                    break;
                case ScaleRule.SameAsInput:
                case ScaleRule.SameAsOnlyInput when IsOnlyRead(node.Input) && FixedOf(node.Input) is null:
                    Join(node.Input, node.Output);
                    break;
                default:
                    break;
            }
        }
        foreach (Node node in graph.Nodes)
        {
            if (OperatorRules.Of(node.Operator) == ScaleRule.SharedByInputs)
                Share(node);
        }
    }

    /// <summary>The tensor that stands for a tensor's group.</summary>
    public Tensor Root(Tensor tensor)
    {
        while (_parents.TryGetValue(tensor, out Tensor? parent))
            tensor = parent;
        return tensor;
    }

    /// <summary>The quantisation that a built-in output scale gives to a tensor's group, or null.</summary>
    public Quantization? FixedOf(Tensor tensor) => _fixed.GetValueOrDefault(Root(tensor));

    /// <summary>Whether a node reads an input in the quantisation of its output, while the input itself has its own.</summary>
    public bool IsRequantized(Node node, int input) => _requantized.Contains((node, input));

    /// <summary>
    /// Whether a tensor's own range counts for its group: not where its only reader is in the same group and commutes with saturation,
    /// and not what padding adds.
    /// </summary>
    public bool CountsForRange(Tensor tensor)
    {
        if (_graph.Producer(tensor)?.Operator is Pad)
            return false;
        return OnlyReader(tensor) is not { } reader
            || Root(reader.Output) != Root(tensor)
            || !OperatorRules.CommutesWithSaturation(reader.Operator);
    }

    /// <summary>The only node that reads a tensor, or null where there is another, or the tensor is a graph output.</summary>
    public Node? OnlyReader(Tensor tensor) => IsOnlyRead(tensor) ? _graph.Consumers(tensor).Single() : null;

    private void Share(Node node)
    {
        Tensor[] activations = [.. node.Inputs.OfType<Tensor>().Where(input => !input.IsConstant)];
        Quantization? common = activations.Length == node.Inputs.Count ? FixedOf(activations[0]) : null;
        bool allFixedAlike = common is not null && activations.All(input => common.SameAs(FixedOf(input)));
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            if (node.Inputs[i] is not { IsConstant: false } input)
                continue;
            if (allFixedAlike || (FixedOf(input) is null && IsFreeToShare(input)))
                Join(input, node.Output);
            else
                _requantized.Add((node, i));
        }
    }

    /// <summary>
    /// A tensor that others read too would lose resolution to its new group. So would the input of the operators that passed its quantisation on.
    /// </summary>
    private bool IsFreeToShare(Tensor tensor)
    {
        while (IsOnlyRead(tensor))
        {
            if (_graph.Producer(tensor) is not { } producer || Root(producer.Input) != Root(tensor)
                || OperatorRules.Of(producer.Operator) == ScaleRule.SharedByInputs)
            {
                return true;
            }
            tensor = producer.Input;
        }
        return false;
    }

    private bool IsOnlyRead(Tensor tensor) => !_graph.IsOutput(tensor) && _graph.Consumers(tensor).Take(2).Count() == 1;

    private void Join(Tensor input, Tensor output)
    {
        Tensor from = Root(output), to = Root(input);
        if (from == to)
            return;
        _parents[from] = to;
        if (_fixed.Remove(from, out Quantization? quantization))
            _fixed[to] = quantization;
    }
}
